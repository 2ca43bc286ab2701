using Gateway.Store.Blocks;
using Gateway.Store.Records;
using Gateway.Tests.Simulation;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Store.Blocks;

/// <summary>LiteDB as the simulator opens it, which may begin anew from its disk.</summary>
public sealed class SimulatedBlocksTests : BlockStoreContract
{
    private readonly SimulatedDisk _disk = new();

    private protected override IBlockStore Open() =>
        new SimulatedBlocks(() => new LiteBlockStore(_disk, NullLoggerFactory.Instance)).Open();

    private protected override void Kill(IBlockStore open) => ((SimulatedBlocks)open).Abandon();
}
