using Gateway.Client.Wire;
using Gateway.Intake;
using Gateway.Store.Messages;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// Gives what targets send to the intake, in order and never more than one request at a time: what it refuses is tried again until it is
/// taken. What belongs to nobody becomes a dead letter of the outlet's queue. Pure; owned by its outlet.
/// </summary>
/// <param name="outlet">The name under which the queues that it fills are counted.</param>
/// <param name="unclaimed">Where dead letters belong.</param>
internal sealed class ReplyLine(string outlet, string unclaimed, EnqueueIntake intake, LoopClock clock)
{
    private const int TogetherMax = 64;
    private const int TogetherBytesMax = 256 * 1024;

    private static readonly TimeSpan _firstWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan _longestWait = TimeSpan.FromSeconds(1);

    private readonly Queue<OutletReply> _waiting = [];

    /// <summary>What is to be done once so many replies are durable.</summary>
    private readonly Queue<(long After, Action Done)> _followers = [];
    private long _taken;
    private bool _isAsking;
    private TimeSpan _wait;
    private TimeSpan _retryAt;

    /// <summary>Nothing waits to become durable.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Why the intake does not take the replies; empty while it does.</summary>
    public string Obstacle { get; private set; } = "";

    /// <summary>Frames that became dead letters because no conversation was known.</summary>
    public long Unclaimed { get; private set; }

    public TimeSpan NextTick => _isAsking || _waiting.Count == 0 ? TimeSpan.MaxValue : _retryAt;

    /// <inheritdoc cref="EnqueueIntake.BodyBytesMaxOf"/>
    public int BodyBytesMaxOf(string destination) => intake.BodyBytesMaxOf(destination);

    public void Add(OutletReply reply)
    {
        _waiting.Enqueue(reply);
        Ask();
    }

    /// <summary>Does something as soon as all that was added until now is durable.</summary>
    public void Follow(Action done)
    {
        if (IsEmpty) done();
        else _followers.Enqueue((_taken + _waiting.Count, done));
    }

    public void Tick() => Ask();

    private void Ask()
    {
        while (!_isAsking && clock.Uptime >= _retryAt && _waiting.TryPeek(out var first))
        {
            _isAsking = true;
            if (first.Destination is null) Bury(first);
            else Enqueue(first.Destination);
        }
    }

    /// <summary>Those to one destination together; a reply with an id of its own alone, since only that one may be known already.</summary>
    private void Enqueue(string destination)
    {
        var together = new List<OutletReply>();
        var bytes = 0;
        foreach (var reply in _waiting)
        {
            if (reply.Destination != destination) break;
            if (together.Count > 0 && (reply.Item.Id ?? together[0].Item.Id) is not null) break;
            bytes += reply.Item.Body.Length + reply.Item.Headers.Length;
            if (together.Count > 0 && (together.Count == TogetherMax || bytes > TogetherBytesMax)) break;
            together.Add(reply);
        }

        intake.TakeRead(destination, [.. together.Select(reply => reply.Item)], outlet, refusal => OnAnswered(refusal, together));
    }

    private void OnAnswered(IntakeRefusal? refusal, List<OutletReply> together)
    {
        // A known id: the message was answered before, and that reply is on its way.
        if (refusal is null or { Code: WireCode.IdConflict }) OnTaken(together.Count);
        else if (refusal.Code is WireCode.Busy or WireCode.StoreFull) OnRefused(refusal.Text);
        else GiveUp(together[0], $"it cannot be sent back to {together[0].Destination}: {refusal.Text}");
    }

    private void GiveUp(OutletReply reply, string why)
    {
        // What has happened to a conversation is told again by whoever wants it to be known.
        if (reply is not { Refused: { } refused, Item.Body.IsEmpty: true })
        {
            Bury(reply, why);
            return;
        }

        refused(why);
        OnTaken(1);
    }

    private void Bury(OutletReply reply, string why = "the target has sent it, and no conversation is known to which it belongs") =>
        intake.Bury(unclaimed, reply.Item, DeadLetterReason.Unclaimed, why, refusal =>
        {
            if (refusal is not null)
            {
                OnRefused(refusal.Text);
                return;
            }

            Unclaimed++;
            reply.Refused?.Invoke(why);
            OnTaken(1);
        });

    private void OnTaken(int count)
    {
        (_wait, _retryAt, Obstacle) = (TimeSpan.Zero, TimeSpan.Zero, "");
        for (var i = 0; i < count; i++) _waiting.Dequeue().Done();
        _taken += count;
        while (_followers.TryPeek(out var next) && next.After <= _taken) _followers.Dequeue().Done();
        _isAsking = false;
        Ask();
    }

    private void OnRefused(string why)
    {
        Obstacle = why;
        _wait = _wait == TimeSpan.Zero ? _firstWait : _wait + _wait;
        if (_wait > _longestWait) _wait = _longestWait;
        _retryAt = clock.Uptime + _wait;
        _isAsking = false;
    }
}

/// <summary>A frame of a target, or the end of what it sends, on its way back.</summary>
/// <param name="Destination">Null if it belongs to nobody.</param>
/// <param name="Done">Called once it is durable.</param>
internal sealed record OutletReply(string? Destination, EnqueueItem Item, Action Done)
{
    /// <summary>
    /// Called with the reason, before <see cref="Done"/>, if it cannot be sent back: a frame is a dead letter then, an event not told.
    /// </summary>
    public Action<string>? Refused { get; init; }
}
