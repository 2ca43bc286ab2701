using System.IO.Hashing;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Store.State;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Store;

/// <summary>
/// The store of one gateway: executes groups of commands, each group durable as a whole when <see cref="Execute"/> returns. It knows
/// records, state and snapshots, but nothing of the engine under the blocks. Unreadable messages are removed from their queues, listed and
/// logged; the rest is served. One thread owns it.
/// </summary>
internal sealed partial class MessageStore : IDisposable
{
    /// <summary>The version of the blocks' contents; FORMAT.md describes it.</summary>
    public const int FormatVersion = 1;

    private const long LookBytes = 4 * 1024 * 1024;
    private const int LookSteps = 20;

    /// <summary>A volume with a larger live share frees too little space to be rewritten, even on request.</summary>
    private const double CompactShareMax = 0.9;

    private static readonly BlockId _identity = new(BlockKind.Identity, 1);

    private readonly IBlockStore _blocks;
    private readonly StoreSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly IStoreTelemetry? _telemetry;
    private readonly StoreJournal _journal;
    private readonly StoreReader _reader;
    private readonly Compactor _compactor;
    private readonly StoreLimits _limits;
    private readonly SnapshotBlocks _snapshot;
    private readonly SnapshotSchedule _snapshots;
    private readonly NewestVolume _newest;
    private long _bytesSinceLook;
    private int _stepsSinceLook;

    private MessageStore(IBlockStore blocks, StoreSettings settings, Guid storeId, TimeProvider time, ILogger logger,
        IStoreTelemetry? telemetry)
    {
        _blocks = blocks;
        _settings = settings;
        _time = time;
        _logger = logger;
        _telemetry = telemetry;
        StoreId = storeId;
        State = new StoreState(new AcceptedIds(settings.AcceptedIdsMax, settings.AcceptedIdsAge));
        foreach (var volume in blocks.Volumes) State.Volumes.Add(volume.FirstGroup);
        var accepted = new AcceptedIdBlocks(State.Accepted, blocks);
        _limits = new StoreLimits(settings, State, blocks);
        _snapshot = new SnapshotBlocks(blocks, State, accepted);
        _snapshots = new SnapshotSchedule(_snapshot, settings, _limits, time);
        _newest = new NewestVolume(blocks, State, settings, _snapshot, _snapshots) { Identity = Identity(storeId) };
        _journal = new StoreJournal(State, _limits, Recover(accepted), telemetry);
        _reader = new StoreReader(State, blocks, _limits, settings.ReadCacheBytes);
        _compactor = new Compactor(blocks, State, _journal, _reader);
        Look();
    }

    /// <summary>The identity of these files; sequence numbers are meaningful only together with it.</summary>
    public Guid StoreId { get; private set; }

    public StoreState State { get; }

    /// <summary>The number of the last group begun; it always rises.</summary>
    public long LastGroup => _journal.LastGroup;

    /// <summary>Why the disk keeps the store from accepting messages, and since when; null if it does not.</summary>
    public DiskObstacle? Obstacle { get; private set; }

    /// <summary>
    /// Opens the store in these blocks, or creates one if there are none. The blocks are disposed of together with the store, or if it
    /// cannot be opened.
    /// </summary>
    /// <param name="newStoreId">The identity of a newly created store.</param>
    /// <param name="time">Supplies the time of findings; the system's clock by default.</param>
    /// <param name="logger">Logs damage.</param>
    /// <param name="telemetry">Observes commits and dead letters; optional.</param>
    /// <exception cref="StoreFailedException">The store is damaged, or was written by a newer version.</exception>
    public static MessageStore Open(IBlockStore blocks, StoreSettings settings, Guid newStoreId, TimeProvider? time = null,
        ILogger<MessageStore>? logger = null, IStoreTelemetry? telemetry = null)
    {
        try
        {
            if (blocks.Volumes.Count == 0) blocks.Roll(firstGroup: 1, [Identity(newStoreId)]);
            var identity = blocks.Read(_identity) ?? throw UnreadableBlock.Missing(_identity);
            return new MessageStore(blocks, settings, ReadIdentity(identity), time
                ?? TimeProvider.System, logger ?? NullLogger<MessageStore>.Instance, telemetry);
        }
        catch (DamagedBlockException damaged)
        {
            // Without a snapshot, or a group that no snapshot covers, the contents of the store are unknown.
            GiveUp(blocks);
            throw UnreadableBlock.Damaged(damaged.Block, damaged);
        }
        catch
        {
            GiveUp(blocks);
            throw;
        }
    }

    /// <summary>Applies the commands in order and commits them all at once, then lets them read. The caller completes them.</summary>
    /// <exception cref="StoreFailedException">The outcome of the commands is unknown; the process must stop.</exception>
    public void Execute(IReadOnlyList<StoreCommand> commands)
    {
        if (ExecuteWhatCan(commands).Count > 0) throw new StoreFailedException($"The disk has no room for what must be written: "
            + $"{_blocks.Obstacle}.", new DiskRefusedException(DiskRefusal.NoSpace, _blocks.Obstacle ?? ""));
    }

    /// <summary>
    /// Like <see cref="Execute"/>, as far as the disk permits: commands that cannot be rejected and find no space even in the reserve wait,
    /// as do those that read something unreadable now.
    /// </summary>
    /// <returns>The waiting commands. They must be passed again soon, before all others, and are neither done nor rejected.</returns>
    /// <exception cref="StoreFailedException">As for <see cref="Execute"/>.</exception>
    public IReadOnlyList<StoreCommand> ExecuteWhatCan(IReadOnlyList<StoreCommand> commands)
    {
        LeaveDamagedVolume();
        List<StoreCommand>? waiting = null;
        if (!MakeRoom(commands))
        {
            waiting = commands.Where(command => command.NeedsRoom && !command.IsApplied).ToList();
            commands = commands.Except(waiting).ToList();
        }

        _limits.BeginGroup();
        var provesHold = false;
        for (var i = 0; i < commands.Count; i++)
        {
            provesHold |= commands[i].ProvesHold;
            if (!commands[i].IsApplied) commands[i].Apply(_journal, _reader);
        }

        Quarantine();
        _journal.ForgetEmpty(_settings.EmptyQueuesKept);
        Commit(commands.Count);
        if (provesHold) _blocks.Confirm();
        _reader.Groups.Last = _journal.LastGroup;
        _reader.Groups.TakeRefusal();
        for (var i = 0; i < commands.Count; i++)
        {
            commands[i].Read(_reader);
            commands[i].IsApplied = _reader.Groups.TakeRefusal() && commands[i].WaitsToRead;
            if (commands[i].IsApplied) (waiting ??= []).Add(commands[i]);
        }

        if (Quarantine())
        {
            foreach (var command in commands) command.OnDamaged(State.LeftUnsentGroup);
        }

        Commit();
        return waiting ?? [];
    }

    /// <summary>
    /// Does one step of housekeeping between groups, if one is due: a new volume, a snapshot, a piece of compaction or a checkpoint.
    /// </summary>
    /// <returns>Whether there was something to do, so that there may be more.</returns>
    /// <exception cref="StoreFailedException">As for <see cref="Execute"/>.</exception>
    public bool Maintain()
    {
        LookAtDisk();
        LeaveDamagedVolume();
        var worked = _newest.TryStep(LastGroup) || _snapshots.TryStep(LastGroup) || _compactor.TryDrop(_snapshot.Volume) || TryMove();
        return _blocks.Maintain() || worked;
    }

    /// <summary>
    /// Rewrites every volume with dead messages and drops it, however long that takes; a volume with a damaged group stays.
    /// </summary>
    /// <exception cref="StoreFailedException">As for <see cref="Execute"/>.</exception>
    public void Compact()
    {
        if (_newest.HasGroups(LastGroup)) RollNow();
        var end = _blocks.Volumes[^1].FirstGroup;
        while (_compactor.TryDrop(_snapshot.Volume) || TryMove(CompactShareMax, end))
        {
            if (_newest.IsFull) RollNow();
            _blocks.Maintain();
        }
    }

    /// <summary>
    /// Reads everything and describes each inconsistency, between memory and blocks or between blocks and what was written, in a sentence;
    /// empty if there is none. Takes as long as reading the whole store; call it between groups only.
    /// </summary>
    public IReadOnlyList<string> Check() => StoreCheck.Run(State, _blocks, _snapshot, _journal.LastGroup);

    /// <summary>Writes a snapshot, if that makes the next opening faster, and closes the blocks.</summary>
    public void Close()
    {
        if (_snapshots.IsWorthwhile(LastGroup)) _snapshots.TryWriteAll(LastGroup);
        Dispose();
    }

    /// <summary>
    /// Gives the store a new identity, with the same messages: no peer has received anything of it, and none of its runs is known. Takes
    /// effect at once, with the new volume that carries the identity. Afterwards the store must be closed or disposed of.
    /// </summary>
    /// <exception cref="StoreFailedException">As for <see cref="Execute"/>.</exception>
    public void Renew(Guid storeId)
    {
        // A volume begins with a group of its own.
        Execute([new MarkCommand(MarkNames.RenewedFrom, $"{StoreId:N} {storeId:N}", done: null)]);
        foreach (var name in State.Marks.Keys.Where(name => IsOfRuns(name)).ToList()) State.Apply(new Marked(name, ""));
        foreach (var queue in State.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing))
        {
            queue.DeliveredUpTo = 0;
            State.Apply(new Marked(MarkNames.SentUpTo + queue.Id.Name, new SentNote(0, 0).ToNote()));
        }

        StoreId = storeId;
        _newest.Identity = Identity(storeId);
        RollNow();
    }

    /// <summary>Closes blocks that make no store; if another holder wrote to them meanwhile, that is why.</summary>
    private static void GiveUp(IBlockStore blocks)
    {
        using (blocks) blocks.Confirm();
    }

    private static bool IsOfRuns(string name) =>
        name == MarkNames.Runs || name.StartsWith(MarkNames.SentUpTo, StringComparison.Ordinal)
            || name.StartsWith(MarkNames.TakenInDoubt, StringComparison.Ordinal)
            || name.StartsWith(MarkNames.ForeignToPeer, StringComparison.Ordinal);

    /// <summary>Closes the blocks as they are.</summary>
    public void Dispose() => _blocks.Dispose();

    /// <param name="commands">The number of commands in the group; 0 for housekeeping.</param>
    private void Commit(int commands = 0)
    {
        WriteEvents();
        if (_journal.IsEmpty) return;
        var groups = _journal.TakeGroups();
        var bytes = groups.Sum(group => (long)group.Bytes.Length);
        _newest.OnCommitted(bytes);
        _bytesSinceLook += bytes;
        _limits.Written(bytes);
        var began = _time.GetTimestamp();
        _blocks.Write(groups, []);
        var written = _time.GetTimestamp();
        _snapshots.OnCommitted(bytes, written);
        _telemetry?.Committed(commands, bytes, _time.GetElapsedTime(began, written));
    }

    private void WriteEvents()
    {
        var puts = new List<Block>();
        var deletes = new List<BlockId>();
        State.Events.Collect(puts, deletes);
        if (puts.Count + deletes.Count > 0) _blocks.Write(puts, deletes);
    }

    /// <summary>The disk is shared with other programs, so its state is checked now and then even if little is written.</summary>
    private void LookAtDisk()
    {
        if (_blocks.Obstacle is null && _bytesSinceLook < LookBytes && ++_stepsSinceLook < LookSteps) return;
        Look();
    }

    private void Look()
    {
        _bytesSinceLook = 0;
        _stepsSinceLook = 0;
        _limits.LookAtDisk(_snapshot.SizeBytes);
        var former = Obstacle;
        Obstacle = _reader.DiskObstacle = _blocks.Obstacle is { } why ? new DiskObstacle(former?.Since ?? _time.GetUtcNow(), why) : null;
        if (former is null && Obstacle is not null) LogDiskObstacle(Obstacle.Why);
        if (former is not null && Obstacle is null) LogDiskTakesMessages();
    }

    /// <summary>
    /// Called before anything is applied: reserves space for the commit, or causes new messages to be rejected. False if nothing can be
    /// written at all.
    /// </summary>
    private bool MakeRoom(IReadOnlyList<StoreCommand> commands)
    {
        var (bytes, needed, isNeeded) = (0L, 0L, false);
        for (var i = 0; i < commands.Count; i++)
        {
            bytes += commands[i].SizeBytes;
            if (!commands[i].NeedsRoom) continue;
            needed += commands[i].SizeBytes;
            isNeeded = true;
        }

        var disk = _blocks.Disk;
        return disk.MakeRoom(bytes, needed) || !isNeeded || (_newest.TryLeaveTooLarge(LastGroup) && disk.MakeRoom(bytes, needed));
    }

    private bool TryMove(double liveShareMax = 0.5, long before = long.MaxValue)
    {
        if (!_compactor.TryMove(liveShareMax, before)) return false;
        _reader.Groups.TakeRefusal();
        Quarantine();
        Commit();
        return true;
    }

    /// <summary>Removes unreadable messages from their queues, durably with the next commit. False if there are none.</summary>
    private bool Quarantine()
    {
        var damage = _reader.Groups.TakeDamage();
        foreach (var (group, why) in damage)
        {
            foreach (var damaged in _journal.Quarantine(new Quarantined(group, _time.GetUtcNow().ToUnixTimeMilliseconds(), why)))
            {
                LogDamaged(damaged.Messages, damaged.Queue, damaged.Numbers(), damaged.DeadLetter, group, why);
            }
        }

        return damage.Count > 0;
    }

    /// <summary>Begins a new volume if the newest is damaged: writing there would need its damaged pages.</summary>
    private void LeaveDamagedVolume()
    {
        if (!_newest.IsDamaged(LastGroup)) return;
        LogDamagedVolume(_blocks.Volumes[^1].FirstGroup);
        RollNow();
    }

    /// <summary>Writes the state from which the next opening begins.</summary>
    /// <exception cref="StoreFailedException">As for <see cref="Execute"/>; also if the disk has no space for it.</exception>
    public void WriteSnapshot()
    {
        if (!_snapshots.TryWriteAll(LastGroup))
            throw new StoreFailedException(
                $"The disk has no room for a snapshot of {_snapshot.SizeBytes} bytes in {_blocks.Disk.FreeBytes}.");
    }

    /// <exception cref="StoreFailedException">The disk refuses, and the store cannot continue without a new volume.</exception>
    private void RollNow()
    {
        if (!_newest.TryRollWhole(LastGroup)) throw new StoreFailedException(
            $"A new volume is needed, and cannot be begun: {_blocks.Obstacle}. Remove the obstacle and start the gateway again.");
    }

    /// <summary>Builds the state from the last snapshot and the groups after it; gives the number of the next group.</summary>
    private long Recover(AcceptedIdBlocks accepted)
    {
        accepted.Load(_snapshot.Load());
        foreach (var block in _blocks.ReadFrom(BlockKind.Event, 0)) State.Events.Restore(block);
        var lastGroup = _snapshot.LastGroup;
        foreach (var volume in _blocks.Volumes.Where(volume => volume.FirstGroup >= _snapshot.Volume))
        {
            foreach (var group in _blocks.ReadFrom(BlockKind.Group, lastGroup, volume.FirstGroup))
            {
                if (group.Id.Number != ++lastGroup) throw UnreadableBlock.Missing(group.Id with { Number = lastGroup });
                Replay.Apply(State, group);
                _snapshots.OnReplayed(group.Bytes.Length);
            }
        }

        if (State.Volumes.MissingMessages > 0) throw new StoreFailedException($"The store counts {State.Volumes.MissingMessages} "
            + $"messages in volumes whose files are missing. Put the files back, or save what is left with 'gateway store repair'.");
        _blocks.ForgetRead();
        return lastGroup + 1;
    }

    /// <summary>The block with which a store begins.</summary>
    public static Block Identity(Guid storeId)
    {
        var writer = new ByteWriter();
        writer.Int32(FormatVersion);
        writer.Guid(storeId);
        writer.Int32((int)Crc32.HashToUInt32(writer.Written));
        return new Block(_identity, writer.Take());
    }

    /// <exception cref="StoreFailedException">Damaged, or written by a newer version.</exception>
    public static Guid ReadIdentity(byte[] identity)
    {
        var reader = new ByteReader(identity);
        var version = reader.Int32();
        if (version > FormatVersion) throw new StoreFailedException($"The store was written in format {version}; this program knows "
            + $"format {FormatVersion}. Use the version of the gateway that wrote it, or a newer one.");
        var storeId = reader.Guid();
        return identity.AsSpan().SequenceEqual(Identity(storeId).Bytes) ? storeId : throw UnreadableBlock.Damaged(_identity);
    }
}
