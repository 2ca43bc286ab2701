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

/// <summary>One message handed out to a part of the gateway.</summary>
/// <param name="Deliveries">The delivery count, this delivery included.</param>
internal sealed record InnerDelivery(DeliveryToken Token, StoredMessage Stored, int Deliveries);
