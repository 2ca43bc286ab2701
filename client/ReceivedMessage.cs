using System.Diagnostics;
using Gateway.Client.Session;
using Gateway.Client.Telemetry;
using Gateway.Client.Wire;

namespace Gateway.Client;

/// <summary>
/// A message that this consumer holds under a lease, which the client renews for as long as <see cref="ReceiveOptions.LeaseRenewalMax"/>
/// says. Settle it once: complete, abandon or reject. What is not settled when the lease runs out or the connection to the gateway ends is
/// delivered again, to this consumer or another.
/// </summary>
/// <remarks>
/// Each of the four calls throws <see cref="GatewayException"/> with <see cref="GatewayError.LeaseLost"/> when the message is not held any
/// more, and with <see cref="GatewayError.TimedOut"/> when no answer came in time; it may be called from any thread.
/// </remarks>
public sealed class ReceivedMessage
{
    private static readonly TimeSpan _delayMax = TimeSpan.FromMilliseconds(RequestCodec.DelayMsMax);

    private readonly GatewayClient _client;
    private readonly int _connection;
    private readonly DeliveryToken _token;
    private readonly HeldDelivery _delivery;
    private readonly TimeProvider _time;
    private readonly long _taken;

    internal ReceivedMessage(
        GatewayClient client, string queue, HeldDelivery delivery, IReadOnlyDictionary<string, string> headers, TimeProvider time)
    {
        _client = client;
        _connection = delivery.Connection;
        _token = delivery.Token;
        _delivery = delivery;
        _time = time;
        _taken = time.GetTimestamp();
        Queue = queue;
        Headers = headers;
        Id = delivery.Message.Id;
        Body = delivery.Message.Body;
        Deliveries = delivery.Message.Deliveries;
        EnqueuedAt = DateTimeOffset.FromUnixTimeMilliseconds(delivery.Message.EnqueuedUnixMs);
        ExpiresAt = GatewayClient.ExpiryOf(delivery.Message);
        Source = delivery.Message.Source;
    }

    /// <summary>The message's id, the same at each delivery.</summary>
    public MessageId Id { get; }

    /// <summary>The local queue it came from.</summary>
    public string Queue { get; }

    /// <summary>The application's bytes.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The headers; empty when it has none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>How often it has been delivered, this time counted: 1 means that nobody has had it before, as far as is known.</summary>
    public int Deliveries { get; }

    /// <summary>When the first gateway accepted it, by that gateway's clock.</summary>
    public DateTimeOffset EnqueuedAt { get; }

    /// <summary>When it becomes a dead letter instead of being delivered; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The name of the gateway that accepted it.</summary>
    public string Source { get; }

    /// <summary>
    /// False once the client knows that the message is not this consumer's any more: a renewal was refused, the lease ran out, or the
    /// connection to the gateway ended. Then it is delivered again, and settling it throws <see cref="GatewayError.LeaseLost"/>; a long
    /// handler may look, and stop. Known only while the client renews (<see cref="ReceiveOptions.LeaseRenewalMax"/>).
    /// </summary>
    public bool IsHeld => !_delivery.IsLost;

    /// <summary>
    /// Begins the span of processing this message, which the caller ends by disposing it; null while nobody listens to the source
    /// <c>Gateway.Client</c>. It is linked to the span that sent the message, and is its child unless the caller is within a span already.
    /// </summary>
    public Activity? StartActivity()
    {
        if (!ClientTelemetry.Source.HasListeners())
            return null;
        var parent = Activity.Current is null ? TraceHeaders.Find(Headers) ?? default : default;
        return ClientTelemetry.Source.StartActivity(
            $"process {Queue}", ActivityKind.Consumer, parent, TagsOf("process"), TraceHeaders.LinksTo(Headers));
    }

    /// <summary>The application has asked for a message since then, and gets this one now.</summary>
    internal void RecordReceived(DateTimeOffset since)
    {
        ClientTelemetry.CountConsumed(Queue);
        // A trace of its own, or that of whoever asks: it was asked for before anybody could know which message it will be.
        if (ClientTelemetry.Source.HasListeners())
            ClientTelemetry.Source.StartActivity($"receive {Queue}", ActivityKind.Client, default(ActivityContext), TagsOf("receive"),
                TraceHeaders.LinksTo(Headers), since)?.Dispose();
    }

    /// <summary>Done: the message is gone for good. Returns when that is on stable storage.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) =>
        SettleAsync("complete", id => new Request.Complete(id, _token), cancellationToken);

    /// <summary>
    /// Not done: the message is available again after the delay, up to 7 days, or becomes a dead letter when it has had as many deliveries
    /// as the gateway allows. Returns when that is on stable storage.
    /// </summary>
    public ValueTask AbandonAsync(TimeSpan delay = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, _delayMax);
        return SettleAsync("abandon", id => new Request.Abandon(id, _token, delay), cancellationToken);
    }

    /// <summary>
    /// Never: the message becomes a dead letter with the reason, of which the first 1,024 bytes of UTF-8 are kept. Returns when that is on
    /// stable storage.
    /// </summary>
    public ValueTask RejectAsync(string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var cut = WireText.Cut(reason, RequestCodec.ReasonBytesMax);
        return SettleAsync("reject", id => new Request.Reject(id, _token, cut), cancellationToken);
    }

    /// <summary>
    /// Starts the lease anew, from now: 100 ms to 12 h, null for the gateway's default. Needed only beyond what the client renews by
    /// itself.
    /// </summary>
    public ValueTask RenewAsync(TimeSpan? lease = null, CancellationToken cancellationToken = default)
    {
        GatewayClient.CheckLease(lease);
        return _client.SettleAsync("renew", this, id => new Request.Renew(id, _token, lease), _connection, cancellationToken);
    }

    private TagList TagsOf(string operation)
    {
        var tags = ClientTelemetry.TagsOf(operation, Queue);
        tags.Add(ClientTelemetry.OperationType, operation);
        tags.Add(ClientTelemetry.MessageId, Id.ToString());
        tags.Add(ClientTelemetry.BodySize, Body.Length);
        tags.Add(ClientTelemetry.Deliveries, Deliveries);
        return tags;
    }

    private ValueTask SettleAsync(string name, Func<RequestId, Request> request, CancellationToken cancellationToken)
    {
        ClientTelemetry.RecordProcessed(Queue, _time.GetElapsedTime(_taken));
        return _client.SettleAsync(name, this, request, _connection, cancellationToken);
    }
}
