using Gateway.Store.Blocks;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Messages;
using Gateway.Store.Snapshots;
using Gateway.Store.State;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Store.Repair;

/// <summary>
/// Builds a new store from the remains of a damaged one, and reports exactly what is missing. The damaged files are only read. Its rule:
/// nothing that may be undelivered is lost for lack of knowledge. A message that may have left its queue is in it again, and a message that
/// a peer's resend can supply is requested again.
/// </summary>
internal static class StoreRepair
{
    /// <param name="source">The damaged store, which must not be open elsewhere.</param>
    /// <param name="target">An empty folder.</param>
    /// <param name="settings">The settings of the new store.</param>
    /// <param name="newStoreId">
    /// The identity of the new store, if the old identity survives nowhere; in any case a random id that distinguishes this repair from
    /// others.
    /// </param>
    /// <param name="time">Part of the numbers with which queues continue.</param>
    /// <exception cref="StoreFailedException">
    /// The damaged store was written by a newer version, or the new one cannot be written.
    /// </exception>
    public static RepairReport Run(IDisk source, IDisk target, StoreSettings settings, Guid newStoreId, TimeProvider time)
    {
        using var blocks = new SalvagedBlocks(source);
        var (state, lostGroups) = Replay(blocks);
        var accepted = blocks.Accepted.Concat(state.Accepted).DistinctBy(id => id.Id).OrderBy(id => id.AtMs).ToList();
        var storeId = blocks.StoreId ?? newStoreId;

        var volumes = new LiteBlockStore(target, NullLoggerFactory.Instance);
        var empty = SnapshotBlocks.Whole(new StoreState(new AcceptedIds(0, TimeSpan.Zero)), blocks.LastGroup);
        volumes.Roll(blocks.LastGroup + 1, [MessageStore.Identity(storeId), .. empty]);
        using var store = MessageStore.Open(volumes, settings, storeId, time);
        var writer = new RepairWriter(blocks, state, store, time.GetUtcNow().ToUnixTimeMilliseconds(), newStoreId);
        writer.Run(accepted, blocks.Events);
        var faults = store.Check();
        if (faults.Count > 0) throw new StoreFailedException($"The new store is not sound: {faults[0]} Check the disk that it is on.");

        return new RepairReport
        {
            StoreId = storeId,
            IsNewStoreId = blocks.StoreId is null,
            SnapshotGroup = blocks.Snapshot.Count > 0 ? Snapshot.LastGroup(blocks.Snapshot[0]) : null,
            Queues = writer.Queues(),
            DeadLetters = writer.Letters,
            MissingLetters = writer.MissingLetters,
            LostGroups = lostGroups,
            Damage = blocks.Damage,
            Positions = state.Positions.Count,
            HasStalePositions = state.HasStalePositions,
            AcceptedIds = store.State.Accepted.Count,
            LostAccepted = blocks.LostAccepted,
        };
    }

    private static (RepairState State, NumberRanges LostGroups) Replay(SalvagedBlocks blocks)
    {
        var state = new RepairState();
        var lost = new NumberRanges();
        state.Load(blocks.Snapshot);
        var hasSnapshot = blocks.Snapshot.Count > 0;
        var after = hasSnapshot ? Snapshot.LastGroup(blocks.Snapshot[0]) : 0;
        foreach (var number in blocks.Lost.Where(number => number > after)) lost.Add(number, number);

        // Messages before the oldest surviving group were acknowledged and settled long ago, or are lost; no position is set back for them.
        var last = hasSnapshot ? after : Math.Max(0, blocks.Groups.FirstOrDefault() - 1);
        state.IsFromStart = hasSnapshot || last == 0;
        if (!hasSnapshot) lost.Add(1, last);
        foreach (var number in blocks.Groups)
        {
            // A dying disk may not return again what it returned before: the group then counts as lost.
            if (blocks.Read(number) is not { } group) continue;
            if (number <= after)
            {
                if (!hasSnapshot || blocks.LostAccepted > 0) RepairReplay.Glance(state, group);
                continue;
            }

            if (number > last + 1)
            {
                lost.Add(last + 1, number - 1);
                state.Skip(number - 1);
            }

            RepairReplay.Apply(state, group);
            last = number;
        }

        lost.Add(last + 1, blocks.LastGroup);
        return (state, lost);
    }
}
