using System.Diagnostics;
using Gateway.Client.Session;
using Gateway.Client.Telemetry;
using Gateway.Client.Wire;

namespace Gateway.Client;

/// <summary>
/// A message that this consumer holds under a lease, renewed by the client for up to <see cref="ReceiveOptions.LeaseRenewalMax"/>. Settle
/// it once: complete, abandon or reject. A message that is unsettled when its lease runs out or the connection ends is redelivered to this
/// consumer or another.
/// </summary>
/// <remarks>
/// Each of the four calls throws <see cref="GatewayException"/>: with <see cref="GatewayError.LeaseLost"/> when the message is no longer
/// held, and with <see cref="GatewayError.TimedOut"/> when no answer came in time. All four are thread-safe.
/// </remarks>
public sealed class ReceivedMessage
{
    private static readonly TimeSpan _delayMax = TimeSpan.FromMilliseconds(ProtocolLimits.DelayMsMax);

    private readonly GatewayClient _client;
    private readonly int _connection;
    private readonly DeliveryToken _token;
    private readonly HeldDelivery _delivery;
    private readonly TimeProvider _time;
    private long _taken;
    private volatile bool _isSettled;

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

    /// <summary>The local queue that held the message.</summary>
    public string Queue { get; }

    /// <summary>The message body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The headers; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The key that the sender gave it (<see cref="EnqueueOptions.Key"/>); null if it gave none.</summary>
    public string? Key => Headers.GetValueOrDefault(MessageKey.Header);

    /// <summary>The number of deliveries, including this one: 1 means that no consumer is known to have had the message before.</summary>
    public int Deliveries { get; }

    /// <summary>The time at which the first gateway accepted the message, by that gateway's clock.</summary>
    public DateTimeOffset EnqueuedAt { get; }

    /// <summary>The time at which an undelivered message becomes a dead letter; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>The name of the gateway that first accepted the message.</summary>
    public string Source { get; }

    /// <summary>
    /// False once the client knows that it no longer holds the message: a renewal was refused, the lease ran out, or the connection ended.
    /// The message is then redelivered, and settling it throws <see cref="GatewayError.LeaseLost"/>. Long-running handlers can check this
    /// and stop. Kept up to date only while the client renews (<see cref="ReceiveOptions.LeaseRenewalMax"/>).
    /// </summary>
    public bool IsHeld => !_delivery.IsLost;

    /// <summary>
    /// Starts a span for processing this message; the caller ends it by disposing it. Null while nothing listens to the source
    /// <c>Gateway.Client</c>. The span is linked to the span that sent the message, and is its child unless the caller is already within a
    /// span.
    /// </summary>
    public Activity? StartActivity()
    {
        if (!ClientTelemetry.Source.HasListeners())
            return null;
        var parent = Activity.Current is null ? TraceHeaders.Find(Headers) ?? default : default;
        return ClientTelemetry.Source.StartActivity(
            $"process {Queue}", ActivityKind.Consumer, parent, TagsOf("process"), TraceHeaders.LinksTo(Headers));
    }

    /// <summary>Whether a settlement was asked for, whatever came of it.</summary>
    internal bool IsSettled => _isSettled;

    /// <summary>Its processing begins now, after a wait in the hands of this library.</summary>
    internal void Begin() => _taken = _time.GetTimestamp();

    /// <summary>Its lease is renewed no longer, and runs out unless the message is settled.</summary>
    internal void LetGo() => _delivery.LetGo();

    /// <summary>Returns the message to the queue as if it had not been delivered.</summary>
    internal ValueTask ReleaseAsync()
    {
        _isSettled = true;
        return _client.SettleAsync("release", this, id => new Request.Release(id, _token), _connection, CancellationToken.None);
    }

    /// <summary>Records that the application, waiting since the given time, receives this message now.</summary>
    internal void RecordReceived(DateTimeOffset since)
    {
        ClientTelemetry.CountConsumed(Queue);
        // The receive span starts a trace of its own or joins the caller's: the wait began before the message was known.
        if (ClientTelemetry.Source.HasListeners())
            ClientTelemetry.Source.StartActivity($"receive {Queue}", ActivityKind.Client, default(ActivityContext), TagsOf("receive"),
                TraceHeaders.LinksTo(Headers), since)?.Dispose();
    }

    /// <summary>Removes the processed message for good. Returns when the removal is on stable storage.</summary>
    public ValueTask CompleteAsync(CancellationToken cancellationToken = default) =>
        SettleAsync("complete", id => new Request.Complete(id, _token), cancellationToken);

    /// <summary>
    /// Returns the message to the queue after the delay, up to 366 days, or makes it a dead letter when it has reached the gateway's
    /// delivery limit. Returns when that is on stable storage.
    /// </summary>
    public ValueTask AbandonAsync(TimeSpan delay = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, _delayMax);
        return SettleAsync("abandon", id => new Request.Abandon(id, _token, delay), cancellationToken);
    }

    /// <summary>
    /// Makes the message a dead letter with the given reason, of which the first 1,024 bytes of UTF-8 are kept. Returns when that is on
    /// stable storage.
    /// </summary>
    public ValueTask RejectAsync(string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var cut = WireText.Cut(reason, ProtocolLimits.ReasonBytesMax);
        return SettleAsync("reject", id => new Request.Reject(id, _token, cut), cancellationToken);
    }

    /// <summary>
    /// Restarts the lease from now: 100 ms to 12 h, null for the gateway's default. Needed only beyond the client's automatic renewal.
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
        _isSettled = true;
        ClientTelemetry.RecordProcessed(Queue, _time.GetElapsedTime(_taken));
        return _client.SettleAsync(name, this, request, _connection, cancellationToken);
    }
}
