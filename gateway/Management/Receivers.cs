using Gateway.Client.Wire;
using Gateway.Inbox;

namespace Gateway.Management;

/// <summary>What a receiver got.</summary>
/// <param name="Messages">Each with a lease.</param>
/// <param name="Refusal">Why it could not ask; null when it could.</param>
internal readonly record struct Received(IReadOnlyList<Reply.Delivery> Messages, Reply.Rejected? Refusal);

/// <summary>
/// Consumers without a connection: each asks for some messages, gets what there is within a time, and settles it later by its name. To the
/// inboxes each call is a connection of its own that takes what it gets with it, under the receiver's name; and what it gets is a batch.
/// Owned by the loop.
/// </summary>
internal sealed class Receivers(Inboxes inboxes, LoopClock clock)
{
    /// <summary>
    /// How much longer than it asked for a call waits for the store, which is being asked: as long as it does not answer, nobody knows
    /// that there is nothing.
    /// </summary>
    private static readonly TimeSpan _lookMax = TimeSpan.FromSeconds(10);

    private readonly List<Call> _calls = [];
    private long _lastCall;

    public void Receive(string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait, Action<Received> answer)
    {
        var call = new Call(RequestId.FromNumber(++_lastCall), receiver, queue, messagesMax, clock.Uptime + wait, answer);
        _calls.Add(call);
        inboxes.Receive(receiver, new Request.Receive(call.Id, queue, messagesMax, lease), reply => OnReply(call, reply), isTogether: true);
        if (call.Messages.Count > 0 || wait <= TimeSpan.Zero) Answer(call);
    }

    /// <summary>Whoever asked has gone: what was found for it is given back unseen.</summary>
    public void End(Action<Received> answer)
    {
        if (_calls.Find(call => call.Answer == answer) is not { } call) return;
        Close(call);
        foreach (var unseen in call.Messages)
            inboxes.Settle(call.Receiver, new Request.Release(call.Id, unseen.Token), call.Id, unseen.Token, _ => { });
    }

    public void Settle(string receiver, Request settle, Action<Reply> answer)
    {
        var (id, token) = settle switch
        {
            Request.Complete complete => (complete.Id, complete.Token),
            Request.Abandon abandon => (abandon.Id, abandon.Token),
            Request.Reject reject => (reject.Id, reject.Token),
            Request.Release release => (release.Id, release.Token),
            Request.Renew renew => (renew.Id, renew.Token),
            _ => throw new InvariantException($"{settle.GetType().Name} settles nothing"),
        };
        inboxes.Settle(receiver, settle, id, token, answer);
    }

    /// <summary>When <see cref="Tick"/> has something to do, unless something happens before.</summary>
    public TimeSpan NextTick => _calls.Select(call => call.Messages.Count > 0 ? clock.Uptime : call.Until).DefaultIfEmpty(TimeSpan.MaxValue)
        .Min();

    public void Tick()
    {
        foreach (var call in _calls.Where(call => call.Messages.Count > 0 || IsOver(call)).ToList()) Answer(call);
    }

    private bool IsOver(Call call) => call.Until <= clock.Uptime
        && (call.Until + _lookMax <= clock.Uptime || !inboxes.IsLooking(call.Queue));

    private void OnReply(Call call, Reply reply)
    {
        if (reply is Reply.Delivery delivery) call.Messages.Add(delivery);
        else if (reply is Reply.Rejected refusal) call.Refusal = refusal;
        // Several messages that come together are answered together, at the next tick.
        if (call.Messages.Count >= call.MessagesMax || call.Refusal is not null) Answer(call);
    }

    private void Answer(Call call)
    {
        if (!Close(call)) return;
        call.Answer(new Received(call.Messages, call.Refusal));
    }

    private bool Close(Call call)
    {
        if (!_calls.Remove(call)) return false;
        inboxes.Stop(call.Receiver, new Request.Stop(call.Id), _ => { });
        return true;
    }

    private sealed class Call(RequestId id, string receiver, string queue, int messagesMax, TimeSpan until, Action<Received> answer)
    {
        public RequestId Id { get; } = id;

        public string Receiver { get; } = receiver;

        public string Queue { get; } = queue;

        public int MessagesMax { get; } = messagesMax;

        public TimeSpan Until { get; } = until;

        public Action<Received> Answer { get; } = answer;

        public List<Reply.Delivery> Messages { get; } = [];

        public Reply.Rejected? Refusal { get; set; }
    }
}
