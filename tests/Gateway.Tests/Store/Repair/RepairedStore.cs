using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Messages;
using Gateway.Store.Repair;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using static Gateway.Tests.Store.StoreCommands;

namespace Gateway.Tests.Store.Repair;

/// <summary>The outcome of a repair of a store on a simulated disk, and what must hold for every one.</summary>
internal sealed class RepairedStore : IDisposable
{
    public static readonly Guid OtherId = new("00000000-0000-0000-0000-0000000000ff");

    private readonly LiteBlockStore _blocks;

    /// <param name="isStable">The disk gives the same at each reading, so that what it holds can be compared.</param>
    public RepairedStore(SimulatedDisk damaged, StoreSettings? settings = null, bool isStable = true)
    {
        var before = isStable ? Hash(damaged) : 0;
        Disk = new SimulatedDisk();
        Report = StoreRepair.Run(damaged, Disk, settings ?? new StoreSettings(), OtherId, new FakeTimeProvider(NoonTime));
        if (isStable) Hash(damaged).ShouldBe(before, "the damaged files are read only");
        _blocks = new LiteBlockStore(Disk, NullLoggerFactory.Instance);
        Store = MessageStore.Open(_blocks, settings ?? new StoreSettings(), TestStore.FirstId);
        Store.Check().ShouldBeEmpty();
        Store.State.DamagedCount.ShouldBe(0);
    }

    public SimulatedDisk Disk { get; }

    public RepairReport Report { get; }

    public MessageStore Store { get; }

    /// <summary>
    /// Every message there is as written; every missing one is in the report, and the report names nothing else.
    /// <paramref name="contents"/> is what the store held, and
    /// <paramref name="gone"/> what had left it before, which may be back or be named.
    /// </summary>
    public void HoldsAllButWhatIsReported(Dictionary<(QueueId Queue, long Number), string> contents, string what,
        Dictionary<(QueueId Queue, long Number), string>? gone = null)
    {
        var served = StoreDamage.Contents(Store);
        foreach (var (place, message) in served)
            message.ShouldBe(contents.TryGetValue(place, out var written) ? written : gone?.GetValueOrDefault(place), $"{what}: {place}");

        var missing = Report.Queues.Where(queue => queue.Queue is not null)
            .ToDictionary(queue => queue.Queue!.Value, queue => queue.Missing);
        foreach (var place in contents.Keys.Where(place => !served.ContainsKey(place)))
        {
            var isKnown = missing.TryGetValue(place.Queue, out var numbers) && numbers.Contains(place.Number);
            (isKnown || HasWord).ShouldBeTrue($"{what}: {place} is missing without a word");
        }

        foreach (var (queue, numbers) in missing)
        {
            foreach (var number in numbers.Runs.SelectMany(
                run => Enumerable.Range(0, (int)(run.Last - run.First + 1)).Select(index => run.First + index)))
            {
                served.ContainsKey((queue, number)).ShouldBeFalse($"{what}: {queue} {number} is there, and said to be missing");
                (contents.ContainsKey((queue, number)) || gone?.ContainsKey((queue, number)) == true)
                    .ShouldBeTrue($"{what}: {queue} {number} never was");
            }
        }
    }

    /// <summary>It is said that something is missing of which the numbers are not known.</summary>
    public bool HasWord =>
        !Report.LostGroups.IsEmpty || Report.Queues.Any(queue => queue.Queue is null)
            || Report.Damage.Any(line => line.Contains("written last", StringComparison.Ordinal));

    /// <summary>The store goes on: with numbers that nobody has had.</summary>
    public void TakesNewMessages()
    {
        var last = Store.State.Find(Orders)?.LastNumber ?? 0;
        var enqueue = Enqueue(Orders, Message(77_777));
        Store.Execute([enqueue]);
        enqueue.Placed.ShouldHaveSingleItem().Message.Number.ShouldBe(Math.Max(last, Store.State.NumbersAfter) + 1);
        Store.Check().ShouldBeEmpty();
    }

    public void Dispose() => _blocks.Abandon();

    private static int Hash(SimulatedDisk disk)
    {
        var hash = new HashCode();
        foreach (var name in disk.List())
        {
            var bytes = new byte[disk[name].Length];
            disk[name].Read(0, bytes);
            hash.AddBytes(bytes);
        }

        return hash.ToHashCode();
    }
}
