using System.Globalization;
using Gateway.Client.Processing;
using Shouldly;

namespace Gateway.Tests.Client.Processing;

/// <summary>
/// A queue of a gateway, and the schedule of a processor at it. Each message fails as often as it says, and comes back after a delay,
/// before what was not delivered yet. Steps are taken at random.
/// </summary>
internal sealed class ScheduleWorld(HandLimits limits, int prefetch, (int Key, int Failures)[] messages, Random chance)
{
    private const int Keyless = 0;

    private readonly HandSchedule<Job> _schedule = new(limits);
    private readonly SortedSet<int> _available = [.. Enumerable.Range(0, messages.Length)];
    private readonly PriorityQueue<int, TimeSpan> _delayed = new();
    private readonly Queue<int> _prefetched = new();
    private readonly List<Job> _running = [];
    private readonly List<(Job Job, bool IsFailed)> _settling = [];
    private readonly int[] _failures = [.. messages.Select(message => message.Failures)];
    private readonly Dictionary<int, int> _lastOfKey = [];
    private readonly HashSet<int> _done = [];
    private bool _isOpen;
    private TimeSpan _now;

    public void Run()
    {
        while (_done.Count < messages.Length)
            Step();

        _schedule.InHand.ShouldBe(0);
        _schedule.Parked.ShouldBe(0);
    }

    private void Step()
    {
        while (_delayed.TryPeek(out _, out var due) && due <= _now)
            _available.Add(_delayed.Dequeue());
        if (_isOpen && _schedule.IsFull)
        {
            _available.UnionWith(_prefetched);
            _prefetched.Clear();
        }

        _isOpen = _isOpen ? !_schedule.IsFull : _schedule.HasRoom;
        while (_isOpen && _prefetched.Count < prefetch && _available.Count > 0)
        {
            _prefetched.Enqueue(_available.Min);
            _available.Remove(_available.Min);
        }

        while (_schedule.TryStart(out var job))
            Begin(job);
        if (_schedule.WantsMore && _prefetched.TryDequeue(out var number))
            _schedule.Add(new Job(HandScheduleTests.IdOf(number), KeyOf(number), _now));
        else if (_running.Count + _settling.Count > 0)
            EndOne();
        else
            Wait();
    }

    private void Begin(Job job)
    {
        _running.Add(job);
        _running.Count.ShouldBeLessThanOrEqualTo(limits.HandledMax);
        _running.Where(other => other.Key is not null).Select(other => other.Key).ShouldBeUnique();
        _schedule.Handled.Count.ShouldBe(_running.Count);
    }

    private void EndOne()
    {
        if (_running.Count > 0 && (_settling.Count == 0 || chance.Next(2) == 0))
        {
            var ended = _running[chance.Next(_running.Count)];
            _running.Remove(ended);
            _schedule.OnHandled(ended);
            _settling.Add((ended, _failures[HandScheduleTests.NumberOf(ended)]-- > 0));
            return;
        }

        var (job, isFailed) = _settling[chance.Next(_settling.Count)];
        _settling.Remove((job, isFailed));
        var number = HandScheduleTests.NumberOf(job);
        if (!isFailed)
        {
            _schedule.OnSettled(job, _now);
            _done.Add(number).ShouldBeTrue();
            if (job.Key is null)
                return;
            _lastOfKey.GetValueOrDefault(messages[number].Key, -1).ShouldBeLessThan(number, "of one key");
            _lastOfKey[messages[number].Key] = number;
            return;
        }

        var due = _now + TimeSpan.FromMilliseconds(chance.Next(5_000));
        _delayed.Enqueue(number, due);
        _schedule.OnReturned(job, due, _now);
    }

    /// <summary>Nothing runs and nothing can be received: only time helps, and less than the limit of such a wait.</summary>
    private void Wait()
    {
        _delayed.Count.ShouldBeGreaterThan(0, "the processor stands still for ever");
        _now += TimeSpan.FromSeconds(1);
        _schedule.Look(_now, _ => false).ShouldBeEmpty();
    }

    private string? KeyOf(int number) =>
        messages[number].Key == Keyless ? null : messages[number].Key.ToString(CultureInfo.InvariantCulture);
}
