using Gateway.Store.Holding;
using Gateway.Store.Records;
using Gateway.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>A store in the simulated database, as the process that holds it has it open: with the production hold.</summary>
internal sealed class HeldMemoryBlocks : IBlockStore
{
    private readonly HeldSession<SimulatedHoldConnection, SimulatedTransaction> _session;
    private readonly SimulatedHoldServer _server;
    private List<VolumeInfo> _volumes = [];

    private HeldMemoryBlocks(HeldSession<SimulatedHoldConnection, SimulatedTransaction> session, SimulatedHoldServer server) =>
        (_session, _server) = (session, server);

    public IReadOnlyList<VolumeInfo> Volumes => _volumes;

    public IBlockDisk Disk => NoBlockDisk.Instance;

    public string? Obstacle => null;

    private long Newest => _volumes[^1].FirstGroup;

    private MemoryBlockStore Stored => _server.Row.Blocks;

    /// <summary>Takes hold of the store, as a production process does.</summary>
    public static HeldMemoryBlocks Open(SimulatedHoldServer server, IStandby standby)
    {
        var session = HeldSession<SimulatedHoldConnection, SimulatedTransaction>.Open(
            server, server.Settings, mayMake: true, mayBeClosed: false, standby, server.Database.Time, NullLogger.Instance);
        try
        {
            var blocks = new HeldMemoryBlocks(session, server);
            blocks._volumes = blocks.Reading(volume: null, () => blocks.Stored.Volumes.ToList());
            return blocks;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public bool Roll(long firstGroup, IReadOnlyList<Block> first)
    {
        Change("Beginning a volume", transaction => transaction.Roll(firstGroup, first),
            connection => connection.Ask(() => Stored.Volumes.Any(volume => volume.FirstGroup == firstGroup)));
        _volumes.Add(new VolumeInfo(firstGroup, first.Sum(block => (long)block.Bytes.Length)));
        return true;
    }

    public void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes)
    {
        Change("Writing to the store", transaction => transaction.Write(Newest, puts, deletes), WriteSign.Of(puts) is { } sign
            ? connection => connection.Ask(() => Stored.Read(sign.Id)?.AsSpan().SequenceEqual(sign.Bytes) == true) : null);
        _volumes[^1] = _volumes[^1] with { SizeBytes = _volumes[^1].SizeBytes + puts.Sum(put => (long)put.Bytes.Length) };
    }

    public bool Drop(long firstGroup)
    {
        Change("Dropping a volume", transaction => transaction.Drop(firstGroup));
        _volumes.RemoveAll(volume => volume.FirstGroup == firstGroup);
        return true;
    }

    public byte[]? Read(BlockId id, IEnumerable<long>? next = null)
    {
        long? volume = id.Kind == BlockKind.Group ? _volumes.Last(known => known.FirstGroup <= id.Number).FirstGroup : null;
        return Reading(volume, () => Stored.Read(id));
    }

    public IEnumerable<Block> ReadFrom(BlockKind kind, long after, long? volume = null) =>
        Reading(kind is BlockKind.Group or BlockKind.Snapshot ? volume ?? Newest : null,
            () => Stored.ReadFrom(kind, after, volume).ToList());

    public void Confirm() => _session.Confirm();

    public void SetAside(Block block)
    {
        // The block stays where it is.
    }

    public void ForgetRead()
    {
        // Nothing is kept.
    }

    public bool Maintain()
    {
        if (_session.HasFailed) return false;
        _session.KeepAlive();
        _server.LastAnswer = _server.Database.Now;
        return false;
    }

    public IReadOnlyList<string> Check() => [];

    public void Dispose() => _session.Dispose();

    private void Change(string what, Action<SimulatedTransaction> change, Func<SimulatedHoldConnection, bool>? isDone = null)
    {
        _session.Change(what, change, isDone);
        _server.LastAnswer = _server.Database.Now;
    }

    private T Reading<T>(long? volume, Func<T> read)
    {
        var found = default(T)!;
        _session.Run("Reading", connection => found = connection.Ask(() =>
        {
            _server.Row.Require(volume);
            return read();
        }));
        _server.LastAnswer = _server.Database.Now;
        return found;
    }
}
