using Gateway.Store.Blocks;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Store.Blocks;

/// <summary>LiteDB, on a disk that a kill leaves as it is.</summary>
public sealed class LiteBlocksTests : BlockStoreContract
{
    private readonly SimulatedDisk _disk = new();

    private protected override IBlockStore Open() => new LiteBlockStore(_disk, NullLoggerFactory.Instance, StoreSettings.KeptBackBytes);

    private protected override void Kill(IBlockStore open) => ((LiteBlockStore)open).Abandon();
}
