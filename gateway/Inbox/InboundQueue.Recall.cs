using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <content>Messages that were set aside, and that their holder wants back at once and together.</content>
internal sealed partial class InboundQueue
{
    private const int RecalledMessagesMax = 64;
    private const int RecalledBytesMax = 256 * 1024;

    /// <summary>Hands out some of the messages again that were set aside, those in front and without credit.</summary>
    /// <param name="numbers">In order, at least one.</param>
    public void Recall(Subscription subscription, IReadOnlyList<long> numbers, IRecaller recaller) => _store.Submit(new ReadQueueCommand(
        _id, numbers[0] - 1, RecalledMessagesMax, RecalledBytesMax, found =>
    {
        if (!_subscriptions.Contains(subscription)) return;
        if (_holds > 0)
        {
            recaller.OnRecalled([], upTo: 0);
            return;
        }

        var recalled = new List<InnerDelivery>();
        foreach (var stored in found.IntersectBy(numbers, stored => stored.Number))
        {
            if (stored.Message.IsExpired(_clock.Now))
            {
                Bury(stored, DeadLetterReason.Expired, "its expiry passed before it was delivered");
                continue;
            }

            var message = new HeldMessage(stored, stored.Deliveries + 1);
            Count(message, 1);
            recalled.Add(new InnerDelivery(Grant(subscription, message).Token, stored, message.Deliveries));
        }

        recaller.OnRecalled(recalled, upTo: found.Count == 0 ? numbers[^1] : found[^1].Number);
    }));

    private Lease Grant(Subscription subscription, HeldMessage message)
    {
        _leased++;
        var lease = _leases.Grant(message, subscription);
        _telemetry.Delivered(_id, message.Stored, message.Deliveries);
        return lease;
    }
}
