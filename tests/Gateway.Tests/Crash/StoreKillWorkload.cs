using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Tests.Store;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>
/// An endless row of groups that follows from a seed: what group n does is known from n and from the last numbers of the queues, which the
/// store remembers. So a process goes on where the one before was killed, and whoever counts along knows what the store must hold.
/// </summary>
internal sealed class StoreKillWorkload(int seed)
{
    /// <summary>Each group puts one message here, so the last number tells how many groups there were.</summary>
    private static readonly QueueId _marks = QueueId.Outgoing("marks", "near");
    private static readonly QueueId _rare = QueueId.Outgoing("rare", "dead");

    /// <summary>Each queue with how many of its newest messages stay in it.</summary>
    private static readonly (QueueId Queue, int KeptMax)[] _queues =
        [(_marks, 3), (StoreCommands.Orders, 60), (StoreCommands.Jobs, 40), (_rare, 6)];
    private static readonly int[] _sizes = [0, 10, 100, 1_000, 5_000, 5_000, 20_000, 60_000];

    private readonly Dictionary<QueueId, ModelQueue> _model = [];

    /// <summary>Small, so that snapshots are written, volumes begun, rewritten and dropped all the time.</summary>
    public static StoreSettings Settings { get; } = new()
    {
        AcceptedIdsMax = 200,
        SnapshotGroups = 8,
        SnapshotBytes = 100_000,
        VolumeBytes = 400_000,
        ReadCacheBytes = 100_000,
    };

    /// <summary>The last group that this model has gone through.</summary>
    public long Group { get; private set; }

    public static long GroupOf(MessageStore store) => store.State.Find(_marks)?.LastNumber ?? 0;

    public IReadOnlyList<StoreCommand> Next(MessageStore store) =>
        Steps(GroupOf(store) + 1, queue => store.State.Find(queue)?.LastNumber ?? 0).SelectMany(CommandsOf).ToList();

    /// <summary>The store holds what it must after the given group, and nothing else.</summary>
    public void Verify(MessageStore store, long group)
    {
        GroupOf(store).ShouldBe(group);
        while (Group < group) Advance();
        foreach (var (queue, _) in _queues)
        {
            var expected = _model.GetValueOrDefault(queue) ?? new ModelQueue();
            (store.State.Find(queue)?.LastNumber ?? 0).ShouldBe(expected.LastNumber, $"{queue} after group {group} of seed {seed}");
            var found = StoreCommands.ReadAll(store, queue);
            found.Select(stored => stored.Number).ShouldBe(expected.Messages.Keys, $"{queue} after group {group} of seed {seed}");
            found.ShouldAllBe(stored => IsIntact(stored.Message, expected.Messages[stored.Number]));
        }
    }

    private void Advance()
    {
        Group++;
        foreach (var step in Steps(Group, queue => _model.GetValueOrDefault(queue)?.LastNumber ?? 0))
        {
            if (!_model.TryGetValue(step.Queue, out var queue)) _model[step.Queue] = queue = new ModelQueue();
            foreach (var content in step.Added) queue.Messages.Add(++queue.LastNumber, content);
            foreach (var number in queue.Messages.Keys.Where(number => number <= step.RemovedUpTo || number == step.Completed).ToList())
                queue.Messages.Remove(number);
        }
    }

    private IEnumerable<Step> Steps(long group, Func<QueueId, long> lastNumber)
    {
        var random = new Random(HashCodeOf(group));
        var content = (int)group * 16;
        var steps = new List<Step>();
        foreach (var (queue, keptMax) in _queues)
        {
            var count = queue == _marks ? 1 : queue == _rare ? (random.Next(30) == 0 ? 1 : 0) : random.Next(5);
            var added = Enumerable.Range(0, count).Select(_ => new Content(content++, _sizes[random.Next(1 + random.Next(_sizes.Length))]))
                .ToList();
            var last = lastNumber(queue) + count;
            steps.Add(new Step(queue, added, last - keptMax, last - random.Next(keptMax)));
        }

        return steps;
    }

    private int HashCodeOf(long group) => unchecked((seed * 1_000_003) + (int)group);

    private static IEnumerable<StoreCommand> CommandsOf(Step step)
    {
        if (step.Added.Count > 0) yield return StoreCommands.Enqueue(
            step.Queue, step.Added.Select(content => StoreCommands.Message(content.Seed, content.Bytes)).ToList());
        yield return new AcknowledgeCommand(step.Queue, step.RemovedUpTo);
        yield return StoreCommands.Complete(step.Queue, step.Completed);
    }

    private static bool IsIntact(Message found, Content content)
    {
        var written = StoreCommands.Message(content.Seed, content.Bytes);
        return found.Id == written.Id && found.Body.Span.SequenceEqual(written.Body.Span)
            && found.Headers.Span.SequenceEqual(written.Headers.Span);
    }

    /// <summary>The contents of a message follow from these.</summary>
    private readonly record struct Content(int Seed, int Bytes);

    private sealed record Step(QueueId Queue, IReadOnlyList<Content> Added, long RemovedUpTo, long Completed);

    private sealed class ModelQueue
    {
        public long LastNumber { get; set; }

        public SortedDictionary<long, Content> Messages { get; } = [];
    }
}
