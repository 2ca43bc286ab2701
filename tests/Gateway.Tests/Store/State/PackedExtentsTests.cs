using CsCheck;
using Gateway.Store.Records;
using Gateway.Store.Snapshots;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.State;

public sealed class PackedExtentsTests
{
    private static readonly QueueMade _made = new(0, StoreCommands.Orders, 0);

    /// <summary>
    /// Groups forwards and back (what was rewritten lies in later ones), holes between the numbers, some that expire, some of which a part
    /// is gone.
    /// </summary>
    private static readonly Gen<QueueState> _queues =
        from runs in Gen.Select(Gen.Long[1, 1L << 40], Gen.Int[1, 200], Gen.Int[0, 3], Gen.Int[1, 5000], Gen.Bool, Gen.Int[1, 7]).Array[0,
            60]
        select QueueOf(runs);

    [Fact]
    public void WhatIsWritten_IsReadBack() => _queues.Sample(
        queue =>
        {
            var batch = new BlockBatch(BlockKind.Snapshot, 1);
            PackedExtents.Write(batch, queue);
            var found = NewState();
            foreach (var block in batch.Take()) Replay.Apply(found, block);

            return found.Queues[0].Extents.Select(Describe).SequenceEqual(queue.After(0).Select(Describe));
        },
        iter: 300);

    [Fact]
    public void AnyBytes_AreExtentsOrNot_AndNeverAFailureOfAnotherKind() => Gen.Byte.Array[0, 60].Sample(
        bytes =>
        {
            var reader = new ByteReader([0, 0, 0, 0, 0, 0, 0, 0, .. bytes]);
            PackedExtents.Read(NewState(), ref reader);
        },
        iter: 20_000);

    [Fact]
    public void LongQueue_TakesAFewBytesAnExtent_InManyRecords()
    {
        var queue = new QueueState(0, StoreCommands.Orders, 0);
        for (var group = 1; group <= 100_000; group++) queue.Store(group, group, 1000, 0);

        var batch = new BlockBatch(BlockKind.Snapshot, 1);
        PackedExtents.Write(batch, queue);
        var blocks = batch.Take();

        blocks.Sum(block => block.Bytes.Length).ShouldBeLessThan(600_000);
        blocks.Count.ShouldBeGreaterThan(1);
    }

    private static QueueState QueueOf((long Group, int Count, int Hole, int Bytes, bool Expires, int GoneEvery)[] runs)
    {
        var queue = new QueueState(0, StoreCommands.Orders, 0);
        foreach (var run in runs)
        {
            var first = queue.LastNumber + 1 + run.Hole;
            for (var number = first; number < first + run.Count; number++)
                queue.Store(number, run.Group, run.Bytes, run.Expires ? number : 0);
            if (run.GoneEvery == 7) continue;
            for (var number = first + 1; number < first + run.Count; number += run.GoneEvery) queue.Remove(number);
        }

        return queue;
    }

    private static StoreState NewState()
    {
        var state = new StoreState(new AcceptedIds(10, TimeSpan.FromHours(1)));
        state.Apply(_made);
        state.Volumes.Add(1);
        return state;
    }

    private static (long, long, int, int, long, long, string) Describe(Extent extent) => (
        extent.Group, extent.First, extent.Count, extent.Live, extent.LiveBytes, extent.EarliestExpiryUnixMs,
            string.Join(' ', extent.GoneBits.ToArray()));
}
