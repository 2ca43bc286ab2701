using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Store.State;

namespace Gateway.Store;

/// <summary>
/// Proves that the store's state and its blocks agree: every message kept is readable at its place, all counts add up, and no group is
/// missing or kept needlessly. Changes nothing.
/// </summary>
internal sealed class StoreCheck
{
    private readonly StoreState _state;
    private readonly SnapshotBlocks _snapshot;
    private readonly ILookup<long, (QueueState Queue, Extent Extent)> _extents;
    private readonly ILookup<long, DeadLetter> _deadLetters;
    private readonly List<string> _faults = [];

    private StoreCheck(StoreState state, SnapshotBlocks snapshot)
    {
        _state = state;
        _snapshot = snapshot;
        _extents = state.Queues.SelectMany(queue => queue.Extents, (queue, extent) => (queue, extent))
            .Where(entry => entry.extent.Live > 0)
            .ToLookup(entry => entry.extent.Group);
        _deadLetters = state.DeadLetters.ToLookup(deadLetter => deadLetter.Group);
    }

    /// <summary>A sentence for each fault.</summary>
    /// <param name="state">The store's state, with every group committed.</param>
    /// <param name="blocks">The blocks that the store has written.</param>
    /// <param name="snapshot">The snapshot with which an opening begins.</param>
    /// <param name="lastGroup">The last group that was written.</param>
    public static IReadOnlyList<string> Run(StoreState state, IBlockStore blocks, SnapshotBlocks snapshot, long lastGroup)
    {
        var check = new StoreCheck(state, snapshot);
        foreach (var queue in state.Queues) check.Queue(queue);
        check.Groups(blocks, lastGroup);
        check.Volumes(blocks.Volumes);
        check.Readable(blocks, BlockKind.Snapshot);
        check._faults.AddRange(snapshot.Check());
        check.Readable(blocks, BlockKind.Accepted);
        check.Readable(blocks, BlockKind.Event);
        check._faults.AddRange(blocks.Check());
        return check._faults;
    }

    private void Queue(QueueState queue)
    {
        var live = queue.Extents.Where(extent => extent.Live > 0).ToList();
        Require(queue.Messages == live.Sum(extent => (long)extent.Live),
            $"{queue.Id} counts {Figures.Messages(queue.Messages)}, its extents {live.Sum(extent => (long)extent.Live)}");
        Require(queue.Bytes == live.Sum(extent => extent.LiveBytes),
            $"{queue.Id} counts {queue.Bytes} bytes, its extents {live.Sum(extent => extent.LiveBytes)}");
        Require(live.TrueForAll(extent => extent.EarliestExpiryUnixMs >= queue.EarliestExpiryUnixMs), $"{queue.Id} would miss an expiry");

        var last = 0L;
        foreach (var extent in queue.Extents)
        {
            Require(extent.First > last, $"{queue.Id}: the extent from {extent.First} begins before number {last}, where the one "
                + $"before it ends");
            Require(extent.LiveNumbers().Count() == extent.Live,
                $"{queue.Id}: the extent from {extent.First} counts {extent.Live} live messages and marks {extent.LiveNumbers().Count()}");
            last = extent.Last;
        }

        Require(last <= queue.LastNumber, $"{queue.Id} has number {last}, beyond {queue.LastNumber}, the last one given");
        foreach (var number in queue.Returned.Keys.Where(number => queue.Find(number) is null))
            Fault($"{queue.Id} remembers the return of {number}, which is gone");
    }

    private void Groups(IBlockStore blocks, long lastGroup)
    {
        var written = Numbers(blocks, BlockKind.Group);
        foreach (var group in written.Where(group => group > lastGroup))
            Fault($"group {group} is there, beyond {lastGroup}, the last one written");

        var kept = _extents.Select(extents => extents.Key).Concat(_deadLetters.Select(letters => letters.Key));
        foreach (var group in kept.Concat(written).Concat(NumbersBetween(_snapshot.LastGroup, lastGroup)).Distinct().Order())
        {
            var id = new BlockId(BlockKind.Group, group);
            Group(blocks, id);
        }
    }

    private void Group(IBlockStore blocks, BlockId id)
    {
        try
        {
            if (blocks.Read(id) is { } bytes) Group(new Block(id, bytes));
            else Fault($"group {id.Number} is needed and is not there");
        }
        catch (DamagedBlockException damaged)
        {
            Fault($"group {id.Number} cannot be read: {damaged.Why}");
        }
    }

    /// <summary>The numbers of the readable blocks of a kind.</summary>
    private HashSet<long> Numbers(IBlockStore blocks, BlockKind kind)
    {
        var numbers = new HashSet<long>();
        try
        {
            foreach (var block in blocks.ReadFrom(kind, 0)) numbers.Add(block.Id.Number);
        }
        catch (DamagedBlockException damaged)
        {
            Fault($"the {kind} blocks after {numbers.DefaultIfEmpty().Max()} cannot be listed: {damaged.Why}");
        }

        return numbers;
    }

    private void Group(Block block)
    {
        var group = block.Id.Number;
        if (!GroupReader.TryOpen(block.Bytes, group, out var records))
        {
            Fault($"group {group} is damaged");
            return;
        }

        var stored = new Dictionary<(long Handle, long Number), (int Bytes, long ExpiresUnixMs)>();
        while (records.TryNext(out var kind, out var payload))
        {
            if (kind is not (RecordKind.Stored or RecordKind.Copied)) continue;
            var place = Replay.StoredPrefix(payload);
            if (MessageCodec.TryRead(payload[Replay.StoredPrefixBytes..], out var message))
                stored[place] = (payload.Length - Replay.StoredPrefixBytes, message.ExpiresUnixMs);
            else Fault($"group {group} holds bytes that are no message for number {place.Number} of the queue with handle "
                + $"{place.Handle}");
        }

        foreach (var (queue, extent) in _extents[group]) Held(queue, extent, stored);
        foreach (var deadLetter in _deadLetters[group])
        {
            var isStored = _state.Find(deadLetter.Queue) is { } queue && stored.ContainsKey((queue.Handle, deadLetter.MessageNumber));
            Require(isStored, $"group {group} does not hold dead letter {deadLetter.Number}, number {deadLetter.MessageNumber} of "
                + $"{deadLetter.Queue}");
        }
    }

    private void Volumes(IReadOnlyList<VolumeInfo> volumes)
    {
        for (var i = 0; i < volumes.Count; i++)
        {
            var first = volumes[i].FirstGroup;
            var end = i + 1 < volumes.Count ? volumes[i + 1].FirstGroup : long.MaxValue;
            bool IsInside(long group) => group >= first && group < end;

            var extents = _extents.Where(ofGroup => IsInside(ofGroup.Key)).SelectMany(ofGroup => ofGroup).ToList();
            var letters = _deadLetters.Where(ofGroup => IsInside(ofGroup.Key)).SelectMany(ofGroup => ofGroup).ToList();
            var kept = (Messages: extents.Sum(entry => (long)entry.Extent.Live) + letters.Count,
                Bytes: extents.Sum(entry => entry.Extent.LiveBytes) + letters.Sum(letter => letter.SizeBytes));
            Require(_state.Volumes.Of(volumes[i]) == kept,
                $"the volume from group {first} counts {_state.Volumes.Of(volumes[i])} as its kept messages and bytes, and {kept} are");
        }
    }

    /// <summary>
    /// Checks that the group holds each live message of the extent. Bytes and expiry in memory are estimates within bounds, so the bounds
    /// are checked.
    /// </summary>
    private void Held(QueueState queue, Extent extent, Dictionary<(long Handle, long Number), (int Bytes, long ExpiresUnixMs)> stored)
    {
        foreach (var number in extent.LiveNumbers())
        {
            if (!stored.TryGetValue((queue.Handle, number), out var message))
                Fault($"group {extent.Group} does not hold number {number} of {queue.Id}");
            else Require(message.ExpiresUnixMs == 0 || message.ExpiresUnixMs >= extent.EarliestExpiryUnixMs,
                $"number {number} of {queue.Id} expires before the time noted for its extent");
        }

        // Messages that left the queue before the extent was moved have no copy.
        var sizes = NumbersBetween(extent.First - 1, extent.Last).Where(number => stored.ContainsKey((queue.Handle, number)))
            .Select(number => (long)stored[(queue.Handle, number)].Bytes).ToList();
        if (sizes.Count < extent.Live) return;
        var isWithinBounds = extent.LiveBytes >= sizes.Min() * extent.Live && extent.LiveBytes <= sizes.Max() * extent.Live;
        var isExact = extent.Live < extent.Count || extent.LiveBytes == sizes.Sum();
        Require(isWithinBounds && isExact, $"{queue.Id}: the extent from {extent.First} counts {extent.LiveBytes} bytes for {extent.Live} "
            + $"of its messages, which are {sizes.Min()} to {sizes.Max()} bytes each, {sizes.Sum()} in all");
    }

    private void Readable(IBlockStore blocks, BlockKind kind)
    {
        foreach (var number in Numbers(blocks, kind).Order())
        {
            var isWhole = blocks.Read(new BlockId(kind, number)) is { } bytes && GroupReader.TryOpen(bytes, number, out _);
            Require(isWhole, $"{kind} block {number} is damaged");
        }
    }

    private void Require(bool holds, string otherwise)
    {
        if (!holds) Fault(otherwise);
    }

    private void Fault(string sentence) => _faults.Add($"{sentence}.");

    private static IEnumerable<long> NumbersBetween(long after, long last)
    {
        for (var number = after + 1; number <= last; number++) yield return number;
    }
}
