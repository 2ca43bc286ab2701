using Gateway.Store.Disk.Log;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Snapshots;

/// <summary>
/// The snapshot on disk: in the newest volume, or in the one before as long as the newest has none of its own that is whole. A new one is
/// written beside it, a block a step, and takes its place with its last block; then the former is deleted, a block a step. After a crash
/// between any two steps one of them is whole. The accepted ids go before it in the same way. Owned by the store's thread.
/// </summary>
internal sealed class SnapshotBlocks(IBlockStore blocks, StoreState state, AcceptedIdBlocks accepted)
{
    private SnapshotPlace _place = SnapshotPlace.None;
    private SnapshotDraft? _draft;
    private long _draftFirst;
    private long _draftBytes;
    private long _acceptedUpTo;
    private Block? _waiting;

    /// <summary>The last group that the snapshot covers; the groups after it are needed for their records.</summary>
    public long LastGroup { get; private set; }

    /// <summary>
    /// The first group of the volume that the snapshot lies in: this one and those after it are needed for their records.
    /// </summary>
    public long Volume { get; private set; }

    /// <summary>About how much it takes.</summary>
    public long SizeBytes { get; private set; }

    /// <summary>The newest volume has a snapshot.</summary>
    public bool IsInNewest => Volume == blocks.Volumes[^1].FirstGroup;

    /// <summary>There are blocks to be deleted before another is begun.</summary>
    public bool HasLeftovers => _draft is null && _place.HasLeftovers;

    /// <summary>One is being written.</summary>
    public bool IsWriting => _draft is not null;

    /// <summary>Brings the state to that of the snapshot.</summary>
    /// <returns>The last block of accepted ids that belongs to it.</returns>
    /// <exception cref="StoreFailedException">It is not whole.</exception>
    public long Load()
    {
        for (var i = blocks.Volumes.Count - 1; i >= 0; i--)
        {
            if (Find(Volume = blocks.Volumes[i].FirstGroup) is not { HasSnapshot: true } place) continue;
            Load(place);
            return place.Accepted;
        }

        // Only the first volume of all needs none.
        return Volume == 1 ? 0 : throw UnreadableBlock.Missing(SnapshotPlace.Id);
    }

    /// <summary>Begins to write the present state of the store, in place of the snapshot being written.</summary>
    /// <param name="lastGroup">The last group that was committed.</param>
    public void Begin(long lastGroup)
    {
        Invariant.Require(!_place.HasLeftovers, "what another snapshot has left is deleted before");
        _draftFirst = _place.Next;
        _draftBytes = 0;
        _draft = new SnapshotDraft(state, lastGroup, _draftFirst);
        _acceptedUpTo = state.Accepted.Added;
    }

    /// <summary>The snapshot being written will not be finished and is to be deleted.</summary>
    public void GiveUp()
    {
        if (_draft is not null) state.EndDraft(_draft);
        (_draft, _waiting) = (null, null);
    }

    /// <summary>Writes one block of the snapshot being written, or deletes one that is of no use.</summary>
    /// <returns>False if there is nothing to do, or the disk has no room for it.</returns>
    public bool TryStep() => _draft is { } draft ? TryWriteAccepted(_acceptedUpTo) || TryWrite(draft) : TryDelete();

    /// <summary>A snapshot of all that the store knows now, to begin a volume with; the accepted ids are written before.</summary>
    /// <param name="whole">The blocks; <see cref="OnRolled"/> is to follow.</param>
    /// <returns>False if the disk has no space for the ids.</returns>
    public bool TryWhole(long lastGroup, out List<Block> whole)
    {
        GiveUp();
        var ids = state.Accepted.Added;
        while (TryWriteAccepted(ids))
        {
            // The next piece.
        }

        whole = accepted.IsBehind(ids) ? [] : Whole(state, lastGroup, accepted.LastNumber);
        return whole.Count > 0;
    }

    /// <summary>The snapshot blocks of a volume that begins with this state.</summary>
    /// <param name="lastAccepted">The last block of accepted ids.</param>
    public static List<Block> Whole(StoreState state, long lastGroup, long lastAccepted = 0)
    {
        var whole = Snapshot.Write(state, lastGroup);
        var place = SnapshotPlace.None.With(whole[^1].Id.Number, SnapshotPlace.FirstNumber);
        whole.Add(place.Whole(SnapshotPlace.FirstNumber, lastAccepted).ToBlock());
        return whole;
    }

    /// <summary>A new volume has been begun.</summary>
    /// <param name="whole">With this snapshot; empty if with none.</param>
    public void OnRolled(long lastGroup, IReadOnlyList<Block> whole)
    {
        GiveUp();
        _place = SnapshotPlace.None;
        if (whole.Count == 0) return;
        _place = SnapshotPlace.Read(whole[^1]);
        SizeBytes = whole.Sum(block => (long)block.Bytes.Length);
        (Volume, LastGroup) = (blocks.Volumes[^1].FirstGroup, lastGroup);
    }

    /// <summary>A sentence for each thing of it that an opening would not find; it reads all of it.</summary>
    public IEnumerable<string> Check()
    {
        var found = new SnapshotBlocks(blocks, new StoreState(new AcceptedIds(0, TimeSpan.Zero)), accepted);
        var why = "";
        try
        {
            found.Load();
        }
        catch (Exception e) when (e is StoreFailedException or DamagedBlockException)
        {
            why = e.Message;
        }

        if (why.Length > 0) yield return $"the snapshot cannot be read: {why}";
        else if ((found.Volume, found.LastGroup, found._place) != (Volume, LastGroup, _place))
            yield return $"the snapshot in the volume from group {found.Volume} is of group {found.LastGroup}, and not of {LastGroup}.";
    }

    private SnapshotPlace? Find(long volume)
    {
        if ((PlaceInNewest() ?? First(volume)) is not { } first) return null;
        if (first.Id != SnapshotPlace.Id) throw UnreadableBlock.Missing(SnapshotPlace.Id);
        var place = SnapshotPlace.Read(first);
        if (volume == blocks.Volumes[^1].FirstGroup) _place = place;
        return place;
    }

    /// <summary>The place in the newest volume alone, which takes less to read than all blocks that come with it in one piece.</summary>
    private Block? PlaceInNewest() =>
        IsInNewest && blocks.Read(SnapshotPlace.Id) is { } bytes ? new Block(SnapshotPlace.Id, bytes) : null;

    private Block? First(long volume) =>
        blocks.ReadFrom(BlockKind.Snapshot, 0, volume).Select(block => (Block?)block).FirstOrDefault();

    private void Load(SnapshotPlace place)
    {
        var number = place.First;
        foreach (var block in blocks.ReadFrom(BlockKind.Snapshot, number - 1, Volume))
        {
            if (block.Id.Number != number) break;
            if (number == place.First) LastGroup = Snapshot.LastGroup(block);
            var isEnd = Replay.Apply(state, block) == RecordKind.SnapshotEnd;
            if (isEnd != (number == place.Last)) throw UnreadableBlock.Damaged(block.Id);
            SizeBytes += block.Bytes.Length;
            number++;
            if (isEnd) return;
        }

        throw UnreadableBlock.Missing(SnapshotPlace.Id with { Number = number });
    }

    private bool TryWriteAccepted(long upTo)
    {
        if (!blocks.Disk.TryMakeRoom(0, accepted.PieceBytes)) return false;
        var (puts, deletes) = (new List<Block>(), new List<BlockId>());
        if (!accepted.TryCollect(upTo, puts, deletes)) return false;
        blocks.Write(puts, deletes);
        return true;
    }

    private bool TryWrite(SnapshotDraft draft)
    {
        if (accepted.IsBehind(_acceptedUpTo)) return false;
        if (_waiting is null)
        {
            if (!draft.TryTake(out var taken)) return true;
            _waiting = taken;
        }

        var block = _waiting.Value;
        if (!blocks.Disk.TryMakeRoom(block.Bytes.Length + GroupReader.TargetBytes)) return false;
        _waiting = null;
        var place = _place.With(block.Id.Number, _draftFirst);
        _draftBytes += block.Bytes.Length;
        if (draft.IsTaken) Finish(draft, block, place.Whole(_draftFirst, accepted.LastNumber));
        else Write([block], [], place);
        return true;
    }

    private void Finish(SnapshotDraft draft, Block last, SnapshotPlace place)
    {
        // The former one is mostly a single block.
        var isReplaced = place.Oldest < place.First;
        Write([last], isReplaced ? [Numbered(place.Oldest)] : [], isReplaced ? place with { Oldest = place.Oldest + 1 } : place);
        (Volume, LastGroup, SizeBytes) = (blocks.Volumes[^1].FirstGroup, draft.LastGroup, _draftBytes);
        _draft = null;
    }

    private bool TryDelete()
    {
        if (!_place.HasLeftovers || !blocks.Disk.TryMakeRoom(GroupReader.TargetBytes)) return false;
        var isReplaced = _place.Oldest < _place.First;
        Write([], [Numbered(isReplaced ? _place.Oldest : _place.Newest)], isReplaced ? _place with { Oldest = _place.Oldest + 1 }
            : _place with { Newest = _place.Newest == _place.Oldest ? _place.Last : _place.Newest - 1 });
        return true;
    }

    private void Write(List<Block> puts, List<BlockId> deletes, SnapshotPlace place)
    {
        puts.Add(place.ToBlock());
        blocks.Write(puts, deletes);
        _place = place;
    }

    private static BlockId Numbered(long number) => SnapshotPlace.Id with { Number = number };
}
