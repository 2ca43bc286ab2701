using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <summary>A part of the gateway that empties a queue, see <see cref="InnerSubscription"/>.</summary>
internal interface IInnerConsumer
{
    /// <summary>
    /// A message is handed out, in the order of the queue; messages that were released come again, before newer ones. Called on the loop,
    /// also while credit is given or a message settled. It may give credit and settle.
    /// </summary>
    void OnDelivered(InnerDelivery delivery);

    /// <summary>A message that was set aside and fetched again is there no more: an operator removed it, or it has expired.</summary>
    void OnGone(long number)
    {
    }
}

/// <summary>Waits for messages that a part of the gateway has recalled, see <see cref="InnerSubscription.Recall"/>.</summary>
internal interface IRecaller
{
    /// <summary>Called on the loop, unless the subscription was closed meanwhile.</summary>
    /// <param name="recalled">In order; they are handed out herewith.</param>
    /// <param name="upTo">Of the others, those up to this number are gone; 0 while an operator holds the queue.</param>
    void OnRecalled(IReadOnlyList<InnerDelivery> recalled, long upTo);
}

/// <summary>One message handed out to a part of the gateway.</summary>
/// <param name="Deliveries">The delivery count, this delivery included.</param>
internal sealed record InnerDelivery(DeliveryToken Token, StoredMessage Stored, int Deliveries);
