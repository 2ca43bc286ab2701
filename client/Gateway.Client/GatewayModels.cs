using Gateway.Client.Wire;

namespace Gateway.Client;

/// <summary>
/// Makes, for the tests of an application, what otherwise only a client makes. The other types that a client returns have constructors of
/// their own.
/// </summary>
public static class GatewayModels
{
    /// <summary>Makes a message without a gateway: it is held for ever, and settling it succeeds and does nothing.</summary>
    /// <param name="queue">The local queue.</param>
    /// <param name="body">The message body.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="id">The message's id; null for a new one.</param>
    /// <param name="deliveries">The number of deliveries, including this one.</param>
    /// <param name="enqueuedAt">The time at which the first gateway accepted the message, to the millisecond; null for now.</param>
    /// <param name="expiresAt">The time, to the millisecond, at which it becomes a dead letter; null for never.</param>
    /// <param name="source">The name of the gateway that first accepted the message.</param>
    public static ReceivedMessage ReceivedMessage(
        string queue, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string>? headers = null, MessageId? id = null,
        int deliveries = 1, DateTimeOffset? enqueuedAt = null, DateTimeOffset? expiresAt = null, string source = "local")
    {
        ArgumentNullException.ThrowIfNull(queue);
        ArgumentNullException.ThrowIfNull(source);
        var enqueued = enqueuedAt ?? TimeProvider.System.GetUtcNow();
        var message = new DeliveredMessage(id ?? MessageId.New(enqueued), deliveries, default, enqueued.ToUnixTimeMilliseconds(),
            WireText.ToUnixMs(expiresAt), source, body);
        return new ReceivedMessage(queue, message, headers ?? new Dictionary<string, string>());
    }
}
