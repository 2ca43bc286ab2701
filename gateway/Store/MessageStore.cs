using System.IO.Hashing;
using Gateway.Bytes;

namespace Gateway.Store;

/// <summary>
/// The store of one gateway: executes groups of commands, each group durable as a whole when <see cref="Execute"/> returns. Knows records, state and
/// snapshots, nothing of the engine under the blocks. One thread owns it.
/// </summary>
internal sealed class MessageStore : IDisposable
{
    /// <summary>The version of what blocks hold; FORMAT.md describes it.</summary>
    public const int FormatVersion = 1;

    private const int DeletesPerCommitMax = 64;

    private static readonly BlockId _identity = new(BlockKind.Identity, 1);

    private readonly IBlockStore _blocks;
    private readonly StoreSettings _settings;
    private readonly StoreJournal _journal;
    private readonly StoreReader _reader;
    private readonly AcceptedIdBlocks _acceptedBlocks;
    private readonly List<BlockId> _deletes = [];
    private long _snapshotGroup;
    private int _snapshotBlocks;
    private long _bytesSinceSnapshot;

    private MessageStore(IBlockStore blocks, StoreSettings settings, Guid storeId)
    {
        _blocks = blocks;
        _settings = settings;
        StoreId = storeId;
        State = new StoreState(new AcceptedIds(settings.AcceptedIdsMax, settings.AcceptedIdsAge));
        _acceptedBlocks = new AcceptedIdBlocks(State.Accepted, blocks);
        _journal = new StoreJournal(State, Recover());
        _reader = new StoreReader(State, blocks, settings.ReadCacheBytes);
    }

    /// <summary>The identity of these files; sequence numbers mean something only together with it.</summary>
    public Guid StoreId { get; }

    public StoreState State { get; }

    /// <summary>Opens the store in these blocks, or makes a new one when there are none. The blocks are disposed with the store, or when it cannot be opened.</summary>
    /// <param name="newStoreId">The identity to take if the store is new.</param>
    /// <exception cref="StoreFailedException">Damaged, or written by a newer version.</exception>
    public static MessageStore Open(IBlockStore blocks, StoreSettings settings, Guid newStoreId)
    {
        try
        {
            if (blocks.Read(_identity) is { } identity) return new MessageStore(blocks, settings, ReadIdentity(identity));

            blocks.Write([new Block(_identity, WriteIdentity(newStoreId))], []);
            return new MessageStore(blocks, settings, newStoreId);
        }
        catch
        {
            blocks.Dispose();
            throw;
        }
    }

    /// <summary>Applies the commands in order and commits them all at once, then lets them read. The caller completes them.</summary>
    /// <exception cref="StoreFailedException">Nothing may be said about any of them; the process must stop.</exception>
    public void Execute(IReadOnlyList<StoreCommand> commands)
    {
        foreach (var command in commands) command.Apply(_journal, _reader);
        Commit();
        foreach (var command in commands) command.Read(_reader);
    }

    /// <summary>Housekeeping between groups: a snapshot or a checkpoint, when one is due.</summary>
    /// <exception cref="StoreFailedException">As for <see cref="Execute"/>.</exception>
    public void Maintain()
    {
        if (_bytesSinceSnapshot >= _settings.SnapshotBytes || _journal.LastGroup - _snapshotGroup >= _settings.SnapshotGroups) WriteSnapshot();
        _blocks.Maintain();
    }

    /// <summary>
    /// Reads everything and describes, in a sentence each, what does not agree: memory with blocks, blocks with what was written. Nothing when all is well. Takes as
    /// long as reading the whole store; between groups only.
    /// </summary>
    public IReadOnlyList<string> Check() => StoreCheck.Run(State, _blocks, _snapshotGroup, _journal.LastGroup);

    /// <summary>Writes a snapshot, so that the next opening is fast, and closes the blocks.</summary>
    public void Close()
    {
        if (_journal.LastGroup > _snapshotGroup) WriteSnapshot();
        Dispose();
    }

    /// <summary>Closes the blocks as they are.</summary>
    public void Dispose() => _blocks.Dispose();

    private void Commit()
    {
        if (_journal.IsEmpty) return;
        var groups = _journal.TakeGroups();
        foreach (var group in groups) _bytesSinceSnapshot += group.Bytes.Length;

        FindDeletes();
        WriteWithDeletes(groups);
    }

    /// <summary>A group that the snapshot covers is deleted as soon as nothing in it is kept; a newer one is still needed for its records.</summary>
    private bool FindDeletes()
    {
        _deletes.Clear();
        _deletes.AddRange(State.EmptyGroups.Where(group => group <= _snapshotGroup).Take(DeletesPerCommitMax).Select(GroupId));
        return _deletes.Count > 0;
    }

    private void WriteWithDeletes(List<Block> groups)
    {
        _blocks.Write(groups, _deletes);
        foreach (var deleted in _deletes) State.EmptyGroups.Remove(deleted.Number);
    }

    private void WriteSnapshot()
    {
        // After the next snapshot nobody would know of the groups that this one covers. They can be all of a long backlog, too much for one commit.
        while (FindDeletes())
        {
            WriteWithDeletes([]);
            _blocks.Maintain();
        }

        var lastGroup = _journal.LastGroup;
        var puts = Snapshot.Write(State, lastGroup);
        _deletes.Clear();
        for (var number = puts.Count + 1; number <= _snapshotBlocks; number++) _deletes.Add(new BlockId(BlockKind.Snapshot, number));
        _snapshotBlocks = puts.Count;
        _acceptedBlocks.Collect(puts, _deletes);
        _deletes.AddRange(State.EmptyGroups.Select(GroupId));
        _blocks.Write(puts, _deletes);
        State.EmptyGroups.Clear();
        _snapshotGroup = lastGroup;
        _bytesSinceSnapshot = 0;
    }

    /// <summary>Builds the state from the last snapshot and the groups after it; gives the number of the next group.</summary>
    private long Recover()
    {
        _acceptedBlocks.Load();
        var lastRecord = RecordKind.SnapshotEnd;
        foreach (var block in _blocks.ReadFrom(BlockKind.Snapshot, 0))
        {
            RequireNext(block.Id, ++_snapshotBlocks);
            if (block.Id.Number == 1) _snapshotGroup = Snapshot.LastGroup(block);
            lastRecord = Replay.Apply(State, block);
        }

        if (lastRecord != RecordKind.SnapshotEnd) throw StoreFailedException.Missing(new BlockId(BlockKind.Snapshot, _snapshotBlocks + 1));

        var lastGroup = _snapshotGroup;
        foreach (var group in _blocks.ReadFrom(BlockKind.Group, _snapshotGroup))
        {
            RequireNext(group.Id, ++lastGroup);
            Replay.Apply(State, group);
            State.GroupClosed(lastGroup);
            _bytesSinceSnapshot += group.Bytes.Length;
        }

        return lastGroup + 1;
    }

    private static BlockId GroupId(long number) => new(BlockKind.Group, number);

    private static void RequireNext(BlockId found, long number)
    {
        if (found.Number != number) throw StoreFailedException.Missing(found with { Number = number });
    }

    private static byte[] WriteIdentity(Guid storeId)
    {
        var writer = new ByteWriter();
        writer.Int32(FormatVersion);
        writer.Guid(storeId);
        writer.Int32((int)Crc32.HashToUInt32(writer.Written));
        return writer.ToArray();
    }

    private static Guid ReadIdentity(byte[] identity)
    {
        var reader = new ByteReader(identity);
        var version = reader.Int32();
        if (version > FormatVersion) throw new StoreFailedException($"The store was written in format {version}; this program knows format {FormatVersion}. Use the version of the gateway that wrote it, or a newer one.");
        var storeId = reader.Guid();
        return identity.AsSpan().SequenceEqual(WriteIdentity(storeId)) ? storeId : throw StoreFailedException.Damaged(_identity);
    }
}
