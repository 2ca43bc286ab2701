using Gateway.Store.Records;

namespace Gateway.Tests.Store.Blocks;

/// <summary>The memory of the simulator.</summary>
public sealed class MemoryBlocksTests : BlockStoreContract
{
    private readonly MemoryBlockStore _blocks = new();

    private protected override IBlockStore Open() => _blocks;

    private protected override void Kill(IBlockStore open)
    {
        // Its blocks are durable for as long as the object lives.
    }
}
