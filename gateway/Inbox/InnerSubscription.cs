using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <summary>
/// How an inlet or an outlet empties a queue: in order, without a time limit, and alone, since applications are rejected while it is open.
/// No message becomes a dead letter for too many deliveries. Owned by the loop.
/// <para>
/// Open it with <see cref="Inboxes.OpenInner"/>, and give credit for as many messages as there is room for; each comes to <see
/// cref="IInnerConsumer.OnDelivered"/>. Settle each once, in any order, by <see cref="Complete"/>, <see cref="Reject"/>, <see
/// cref="Release"/> or <see cref="SetAside"/>. A message that must be tried again is simply kept. <see cref="Close"/>, at an orderly
/// stop too, puts back what is not settled. After a crash it comes again, with a higher count if the former delivery was recorded.
/// </para>
/// </summary>
internal sealed class InnerSubscription(Inboxes inboxes, Subscription subscription)
{
    /// <summary>Hands out this many messages more; the first of them before it returns, if they are in memory.</summary>
    public void GiveCredit(int messages)
    {
        subscription.Credit += messages;
        subscription.Queue.Deliver();
    }

    /// <summary>The message is done.</summary>
    /// <param name="done">Called on the loop once it has left the store for good.</param>
    public void Complete(InnerDelivery delivery, Action done)
    {
        var lease = LeaseOf(delivery);
        lease.Queue.Complete(lease, done);
    }

    /// <summary>The message becomes a dead letter.</summary>
    /// <param name="done">Called on the loop once it is one.</param>
    public void Reject(InnerDelivery delivery, DeadLetterReason reason, string text, Action done)
    {
        var lease = LeaseOf(delivery);
        lease.Queue.Reject(lease, reason, text, done);
    }

    /// <summary>Puts the message back to its place; the delivery does not count, unless it was recorded.</summary>
    public void Release(InnerDelivery delivery)
    {
        var lease = LeaseOf(delivery);
        lease.Queue.Release(lease, done: null);
    }

    /// <summary>How many messages more, and bytes of them, the queue may hand out before others are settled.</summary>
    public (int Messages, long Bytes) Left => subscription.Queue.Left;

    /// <summary>
    /// Leaves the message at its place in the store alone, and goes on with those behind it. It comes again after <see cref="Fetch"/> or
    /// <see cref="Recall"/>, or when the queue is emptied by another subscription.
    /// </summary>
    public void SetAside(InnerDelivery delivery)
    {
        var lease = LeaseOf(delivery);
        lease.Queue.SetAside(lease);
    }

    /// <summary>
    /// Reads messages that were set aside. Each is handed out again, before newer ones, in the order of their numbers, and takes credit; or
    /// <see cref="IInnerConsumer.OnGone"/> tells that it is there no more.
    /// </summary>
    public void Fetch(IReadOnlyList<long> numbers) => subscription.Queue.Fetch(numbers);

    /// <summary>
    /// Hands out some of the messages again that were set aside, in order from the first: together and at once, since they need no credit.
    /// </summary>
    /// <param name="numbers">In order, at least one.</param>
    public void Recall(IReadOnlyList<long> numbers, IRecaller recaller) => subscription.Queue.Recall(subscription, numbers, recaller);

    /// <summary>
    /// Records that the message was delivered: after a crash, and after <see cref="Release"/> and <see cref="Close"/>, its count tells that
    /// it was delivered before.
    /// </summary>
    /// <param name="recorded">Called on the loop once the record is durable.</param>
    public void Record(InnerDelivery delivery, Action recorded)
    {
        var lease = LeaseOf(delivery);
        lease.Queue.Record(lease, recorded);
    }

    /// <summary>Ends the subscription and puts back what is not settled. Applications may use the queue again.</summary>
    public void Close() => inboxes.CloseInner(subscription);

    private Lease LeaseOf(InnerDelivery delivery)
    {
        var lease = inboxes.FindLease(delivery.Token, subscription.Connection);
        Invariant.Require(lease is not null, "a message handed out to a part of the gateway is settled once");
        return lease;
    }
}
