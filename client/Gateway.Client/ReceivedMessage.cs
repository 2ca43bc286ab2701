using System.Diagnostics;
using Gateway.Client.Requests;
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
/// <para>
/// A test makes messages with <see cref="GatewayModels"/>, or derives from this class. An override of one of the four calls the base, from
/// which a processor knows that the message is settled.
/// </para>
/// </remarks>
public class ReceivedMessage
{
    private static readonly TimeSpan _delayMax = TimeSpan.FromMilliseconds(ProtocolLimits.DelayMsMax);

    /// <summary>Null, like the delivery, for a message that a test has made: it is held for ever, and every settlement succeeds.</summary>
    private readonly GatewayClient? _client;
    private readonly HeldDelivery? _delivery;
    private readonly TimeProvider _time;
    private long _taken;
    private volatile bool _isSettled;

    /// <summary>A message without a gateway, for a test that overrides what its application reads and calls.</summary>
    protected ReceivedMessage()
        : this("", new DeliveredMessage(default, 1, default, 0, 0, "", default), new Dictionary<string, string>())
    {
    }

    /// <summary>A message without a gateway.</summary>
    internal ReceivedMessage(string queue, DeliveredMessage message, IReadOnlyDictionary<string, string> headers)
        : this(null, queue, null, message, headers, TimeProvider.System)
    {
    }

    internal ReceivedMessage(
        GatewayClient client, string queue, HeldDelivery delivery, IReadOnlyDictionary<string, string> headers, TimeProvider time)
        : this(client, queue, delivery, delivery.Message, headers, time)
    {
    }

    private ReceivedMessage(GatewayClient? client, string queue, HeldDelivery? delivery, DeliveredMessage message,
        IReadOnlyDictionary<string, string> headers, TimeProvider time)
    {
        _client = client;
        _delivery = delivery;
        _time = time;
        _taken = time.GetTimestamp();
        Queue = queue;
        Headers = headers;
        Id = message.Id;
        Body = message.Body;
        Deliveries = message.Deliveries;
        EnqueuedAt = DateTimeOffset.FromUnixTimeMilliseconds(message.EnqueuedUnixMs);
        ExpiresAt = GatewayClient.ExpiryOf(message);
        Source = message.Source;
    }

    /// <summary>The message's id, the same at each delivery.</summary>
    public virtual MessageId Id { get; }

    /// <summary>The local queue that held the message.</summary>
    public virtual string Queue { get; }

    /// <summary>The message body.</summary>
    public virtual ReadOnlyMemory<byte> Body { get; }

    /// <summary>The headers; empty if there are none.</summary>
    public virtual IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The key that the sender gave it (<see cref="EnqueueOptions.Key"/>); null if it gave none.</summary>
    public string? Key => Headers.GetValueOrDefault(MessageKey.Header);

    /// <summary>
    /// Whether its sender waits for a reply (<see cref="ReplyAsync"/>): the message has the header <see cref="RequestHeaders.ReplyTo"/>.
    /// </summary>
    public bool ExpectsReply => Headers.ContainsKey(RequestHeaders.ReplyTo);

    /// <summary>
    /// The id of the request that this message answers, or is; null if it has no valid header <see cref="RequestHeaders.CorrelationId"/>.
    /// </summary>
    public MessageId? CorrelationId =>
        Headers.TryGetValue(RequestHeaders.CorrelationId, out var text) && MessageId.TryParse(text, out var id) ? id : null;

    /// <summary>The number of deliveries, including this one: 1 means that no consumer is known to have had the message before.</summary>
    public virtual int Deliveries { get; }

    /// <summary>The time at which the first gateway accepted the message, by that gateway's clock.</summary>
    public virtual DateTimeOffset EnqueuedAt { get; }

    /// <summary>The time at which an undelivered message becomes a dead letter; null for never.</summary>
    public virtual DateTimeOffset? ExpiresAt { get; }

    /// <summary>The name of the gateway that first accepted the message.</summary>
    public virtual string Source { get; }

    /// <summary>
    /// False once the client knows that it no longer holds the message: a renewal was refused, the lease ran out, or the connection ended.
    /// The message is then redelivered, and settling it throws <see cref="GatewayError.LeaseLost"/>. Long-running handlers can check this
    /// and stop. Kept up to date only while the client renews (<see cref="ReceiveOptions.LeaseRenewalMax"/>).
    /// </summary>
    public virtual bool IsHeld => _delivery is not { IsLost: true };

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
    internal void LetGo() => _delivery?.LetGo();

    /// <summary>Returns the message to the queue as if it had not been delivered.</summary>
    internal ValueTask ReleaseAsync()
    {
        _isSettled = true;
        return AskAsync("release", (id, token) => new Request.Release(id, token), CancellationToken.None);
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
    public virtual ValueTask CompleteAsync(CancellationToken cancellationToken = default) =>
        SettleAsync("complete", (id, token) => new Request.Complete(id, token), cancellationToken);

    /// <summary>
    /// Returns the message to the queue after the delay, up to 366 days, or makes it a dead letter when it has reached the gateway's
    /// delivery limit. Returns when that is on stable storage.
    /// </summary>
    public virtual ValueTask AbandonAsync(TimeSpan delay = default, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(delay, _delayMax);
        return SettleAsync("abandon", (id, token) => new Request.Abandon(id, token, delay), cancellationToken);
    }

    /// <summary>
    /// Makes the message a dead letter with the given reason, of which the first 1,024 bytes of UTF-8 are kept. Returns when that is on
    /// stable storage.
    /// </summary>
    public virtual ValueTask RejectAsync(string reason, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var cut = WireText.Cut(reason, ProtocolLimits.ReasonBytesMax);
        return SettleAsync("reject", (id, token) => new Request.Reject(id, token, cut), cancellationToken);
    }

    /// <summary>
    /// Restarts the lease from now: 100 ms to 12 h, null for the gateway's default. Needed only beyond the client's automatic renewal.
    /// </summary>
    public virtual ValueTask RenewAsync(TimeSpan? lease = null, CancellationToken cancellationToken = default)
    {
        GatewayClient.CheckLease(lease);
        return AskAsync("renew", (id, token) => new Request.Renew(id, token, lease), cancellationToken);
    }

    /// <summary>
    /// Sends the reply to this request; returns when it is on stable storage, from where the gateway delivers it. Complete the request
    /// afterwards: it is not settled by its reply. The reply's id follows from the request, so an application that replied and ended before
    /// it completed the request may reply again: the first reply stands.
    /// </summary>
    /// <param name="body">The reply's body. It must not change until the call is answered.</param>
    /// <param name="options">
    /// Headers and expiry of the reply, which otherwise becomes a dead letter after <see cref="RequestReply.ReplyLifetime"/>.
    /// </param>
    /// <param name="cancellationToken">Ends the wait, not the reply.</param>
    /// <exception cref="InvalidOperationException">The message expects no reply (<see cref="ExpectsReply"/>).</exception>
    /// <exception cref="UnreadableMessageException">Its headers name no place that a reply may go to. Reject it.</exception>
    /// <exception cref="GatewayException">The gateway refuses the reply, or does not answer.</exception>
    public virtual ValueTask<ReplyOutcome> ReplyAsync(
        ReadOnlyMemory<byte> body, EnqueueOptions? options = null, CancellationToken cancellationToken = default) =>
        ReplySender.SendAsync(_client, this, body, options ?? new EnqueueOptions(), cancellationToken);

    private TagList TagsOf(string operation)
    {
        var tags = ClientTelemetry.TagsOf(operation, Queue);
        tags.Add(ClientTelemetry.OperationType, operation);
        tags.Add(ClientTelemetry.MessageId, Id.ToString());
        tags.Add(ClientTelemetry.BodySize, Body.Length);
        tags.Add(ClientTelemetry.Deliveries, Deliveries);
        return tags;
    }

    private ValueTask SettleAsync(string name, Func<RequestId, DeliveryToken, Request> request, CancellationToken cancellationToken)
    {
        _isSettled = true;
        ClientTelemetry.RecordProcessed(Queue, _time.GetElapsedTime(_taken));
        return AskAsync(name, request, cancellationToken);
    }

    private ValueTask AskAsync(string name, Func<RequestId, DeliveryToken, Request> request, CancellationToken cancellationToken) =>
        _client is null || _delivery is null ? default
            : _client.SettleAsync(name, this, id => request(id, _delivery.Token), _delivery.Connection, cancellationToken);
}
