using System.Diagnostics.CodeAnalysis;

namespace Gateway.Client.Processing;

/// <summary>
/// Decides which of a processor's messages is handled next: as many at once as the limit allows, those of one key one after the other and
/// in the order of the queue, and a failed message before those behind it when it comes back. Pure: the caller gives the time. For one
/// owner.
/// </summary>
/// <param name="limits">How much may be in hand.</param>
internal sealed class HandSchedule<TJob>(HandLimits limits)
    where TJob : Job
{
    /// <summary>
    /// How long a lane waits for a message that is due and does not come: another consumer has it, or it has become a dead letter.
    /// </summary>
    public static readonly TimeSpan ReturnWaitMax = TimeSpan.FromSeconds(30);

    private readonly Dictionary<string, Lane<TJob>> _lanes = new(StringComparer.Ordinal);
    private readonly HashSet<Lane<TJob>> _parked = [];
    private readonly Queue<TJob> _ready = new();
    private readonly HashSet<TJob> _handled = [];
    private int _settling;
    private int _due;

    /// <summary>The messages whose handlers run.</summary>
    public IReadOnlyCollection<TJob> Handled => _handled;

    /// <summary>All messages that are not yet settled.</summary>
    public int InHand { get; private set; }

    /// <summary>The keys that wait for the retry of a message.</summary>
    public int Parked => _parked.Count;

    /// <summary>Whether another message should be received: a handler is free and nothing in hand is for it.</summary>
    public bool WantsMore => _ready.Count == 0 && HasFreeHandler && !IsFull;

    /// <summary>
    /// Whether the hand is full. Messages that are buffered elsewhere must then be given back: otherwise they come before a message that
    /// those in hand wait for. While one of these is due, there is room for it.
    /// </summary>
    public bool IsFull
    {
        get
        {
            var room = _due > 0 ? _due + HandLimits.ReturnRoom : 0;
            return InHand >= limits.HandMax + room || _parked.Count >= HandLimits.ParkedMax + room;
        }
    }

    /// <summary>Whether receiving should begin again after the hand was full: a good part of it is free, or a message is due.</summary>
    public bool HasRoom => !IsFull && (_due > 0 || InHand <= limits.HandMax / 4 * 3);

    private bool HasFreeHandler => _handled.Count < limits.HandledMax && _settling < limits.SettlingMax;

    /// <summary>A message has been received.</summary>
    public void Add(TJob job)
    {
        InHand++;
        if (job.Key is null)
        {
            _ready.Enqueue(job);
            return;
        }

        if (!_lanes.TryGetValue(job.Key, out var lane))
            _lanes.Add(job.Key, lane = new Lane<TJob>(job.Key));
        if (lane.Awaited == job.Id)
        {
            Unpark(lane);
            lane.Waiting.AddFirst(job);
        }
        else
        {
            lane.Waiting.AddLast(job);
        }

        Advance(lane);
    }

    /// <summary>Takes the next message to handle, if there is one and a handler is free for it.</summary>
    public bool TryStart([NotNullWhen(true)] out TJob? job)
    {
        job = null;
        if (!HasFreeHandler || !_ready.TryDequeue(out job))
            return false;
        _handled.Add(job);
        return true;
    }

    /// <summary>The handler of a message has ended; its settlement begins.</summary>
    public void OnHandled(TJob job)
    {
        _handled.Remove(job);
        _settling++;
    }

    /// <summary>The message has left the hand for good.</summary>
    public void OnSettled(TJob job, TimeSpan now) => Leave(job, now, comesAt: null);

    /// <summary>The message has left the hand and comes back at the given time: those of its key wait for it.</summary>
    public void OnReturned(TJob job, TimeSpan comesAt, TimeSpan now) => Leave(job, now, comesAt);

    /// <summary>
    /// Ends waits that have lasted too long, and drops what is lost. To be called now and then: the waits are kept to that precision.
    /// </summary>
    /// <param name="now">The present time.</param>
    /// <param name="isLost">Whether the gateway gives the message to a consumer again.</param>
    /// <returns>Messages that are no longer in hand and should be given back.</returns>
    public List<TJob> Look(TimeSpan now, Func<TJob, bool> isLost)
    {
        foreach (var lane in _parked.Where(lane => now - lane.AwaitedAt >= ReturnWaitMax).ToList())
        {
            Unpark(lane);
            lane.ProgressAt = now;
            Advance(lane);
            ForgetIfEmpty(lane);
        }

        foreach (var lane in _parked.Where(lane => !lane.IsDue && lane.AwaitedAt <= now))
        {
            lane.IsDue = true;
            _due++;
        }

        var givenBack = new List<TJob>();
        foreach (var lane in _lanes.Values)
        {
            for (var node = lane.Waiting.First; node is not null;)
            {
                var (job, following) = (node.Value, node.Next);
                var isOver = lane.Awaited is null && now - Latest(job.ArrivedAt, lane.ProgressAt) >= limits.WaitMax;
                if (isOver && !isLost(job))
                    givenBack.Add(job);
                if (isOver || isLost(job))
                {
                    lane.Waiting.Remove(node);
                    InHand--;
                }

                node = following;
            }
        }

        return givenBack;
    }

    /// <summary>
    /// Takes everything out of the hand that no handler has begun, as for a stop or a pause. Nothing is awaited any more.
    /// </summary>
    public List<TJob> TakeWaiting()
    {
        List<TJob> taken = [.. _ready];
        _ready.Clear();
        foreach (var job in taken)
        {
            if (job.Key is not null)
                _lanes[job.Key].Current = null;
        }

        foreach (var lane in _lanes.Values.ToList())
        {
            taken.AddRange(lane.Waiting);
            lane.Waiting.Clear();
            if (lane.Awaited is not null)
                Unpark(lane);
            ForgetIfEmpty(lane);
        }

        InHand -= taken.Count;
        return taken;
    }

    private static TimeSpan Latest(TimeSpan one, TimeSpan other) => one > other ? one : other;

    private void Leave(TJob job, TimeSpan now, TimeSpan? comesAt)
    {
        _settling--;
        InHand--;
        if (job.Key is null)
            return;
        var lane = _lanes[job.Key];
        lane.Current = null;
        lane.ProgressAt = now;
        // After a lost connection the same message may wait here already.
        if (comesAt is { } time && lane.Waiting.All(waiting => waiting.Id != job.Id))
            Park(lane, job.Id, time, now);
        Advance(lane);
        ForgetIfEmpty(lane);
    }

    private void Park(Lane<TJob> lane, MessageId awaited, TimeSpan at, TimeSpan now)
    {
        lane.Awaited = awaited;
        lane.AwaitedAt = at;
        lane.IsDue = at <= now;
        _parked.Add(lane);
        if (lane.IsDue)
            _due++;
    }

    private void Unpark(Lane<TJob> lane)
    {
        lane.Awaited = null;
        _parked.Remove(lane);
        if (lane.IsDue)
            _due--;
        lane.IsDue = false;
    }

    private void Advance(Lane<TJob> lane)
    {
        if (lane.Current is not null || lane.Awaited is not null || lane.Waiting.First is not { } first)
            return;
        lane.Current = first.Value;
        lane.Waiting.RemoveFirst();
        _ready.Enqueue(first.Value);
    }

    private void ForgetIfEmpty(Lane<TJob> lane)
    {
        if (lane.IsEmpty)
            _lanes.Remove(lane.Key);
    }
}
