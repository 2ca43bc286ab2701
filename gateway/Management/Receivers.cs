using Gateway.Client.Wire;
using Gateway.Inbox;

namespace Gateway.Management;

/// <summary>The result of a receive call.</summary>
/// <param name="Messages">The messages, each with a lease.</param>
/// <param name="Refusal">Why the call was rejected; null if it was not.</param>
internal readonly record struct Received(IReadOnlyList<Reply.Delivery> Messages, Reply.Rejected? Refusal);

/// <summary>
/// Consumers without a connection: each requests some messages, gets those available within a time, and settles them later under its own
/// name. To the inboxes each call is a subscription under the receiver's name, and its messages form one batch. Owned by the loop.
/// </summary>
internal sealed class Receivers(Inboxes inboxes, LoopClock clock)
{
    /// <summary>
    /// The extra time a call waits while the store is being read: until the store answers, it is unknown whether the queue is empty.
    /// </summary>
    private static readonly TimeSpan _lookMax = TimeSpan.FromSeconds(10);

    private readonly List<Call> _calls = [];
    private long _lastCall;

    public void Receive(string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait, Action<Received> answer)
    {
        var call = new Call(this, RequestId.FromNumber(++_lastCall), receiver, queue, messagesMax, clock.Uptime + wait, answer);
        _calls.Add(call);
        inboxes.Receive(receiver, new Request.Receive(call.Id, queue, messagesMax, lease), call, isTogether: true);
        if (call.Messages.Count > 0 || wait <= TimeSpan.Zero) Answer(call);
    }

    /// <summary>The caller has left: messages found for it are returned unprocessed.</summary>
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

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
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
        // Messages that arrive together are returned together, at the next tick.
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
        inboxes.Stop(call.Receiver, new Request.Stop(call.Id), call);
        return true;
    }

    private sealed class Call(
        Receivers receivers, RequestId id, string receiver, string queue, int messagesMax, TimeSpan until, Action<Received> answer)
            : IReplies
    {
        public RequestId Id { get; } = id;

        public string Receiver { get; } = receiver;

        public string Queue { get; } = queue;

        public int MessagesMax { get; } = messagesMax;

        public TimeSpan Until { get; } = until;

        public Action<Received> Answer { get; } = answer;

        public List<Reply.Delivery> Messages { get; } = [];

        public Reply.Rejected? Refusal { get; set; }

        public void Send(Reply reply) => receivers.OnReply(this, reply);
    }
}
