using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Gateway.Client.Requests;
using Gateway.Client.Session;
using Gateway.Client.Telemetry;
using Gateway.Client.Transport;
using Gateway.Client.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Client;

/// <summary>
/// An application's connection to the gateway on its own host. Create one per process and share it: every member is thread-safe, and tens
/// of thousands of calls may be in progress at once. The client connects and reconnects by itself. Calls survive a restart of the gateway:
/// they are retried until they are answered or <see cref="GatewayClientOptions.RequestTimeout"/> expires.
/// </summary>
/// <remarks>
/// Calls throw <see cref="GatewayException"/> when the gateway refuses or does not answer, <see cref="ArgumentException"/> for what can
/// never be right, and <see cref="OperationCanceledException"/> when cancelled.
/// <para>
/// Spans and metrics come from the source and the meter <c>Gateway.Client</c>. While a span is recorded, messages carry its context in the
/// headers <c>traceparent</c> and <c>tracestate</c>, unless they have a <c>traceparent</c> of their own;
/// <see cref="ReceivedMessage.StartActivity"/> goes on from there.
/// </para>
/// <para>
/// A test may derive from this class and override what its application calls; the package <c>Gateway.Client.Testing</c> has a gateway in
/// memory instead, which this class itself runs against.
/// </para>
/// </remarks>
public class GatewayClient : IPeerNews, IAsyncDisposable
{
    private static readonly EnqueueOptions _noOptions = new();
    private static readonly IReadOnlyDictionary<string, string> _noHeaders = new Dictionary<string, string>();
    private static readonly TimeSpan _leaseMin = TimeSpan.FromMilliseconds(ProtocolLimits.LeaseMsMin);
    private static readonly TimeSpan _leaseRenewalMost = TimeSpan.FromDays(7);
    private static readonly TimeSpan _leaseMax = TimeSpan.FromMilliseconds(ProtocolLimits.LeaseMsMax);

    private readonly TimeSpan _requestTimeout;
    private readonly TimeProvider _time;
    private readonly RequestIds _ids = new();
    private readonly AdmissionGate _requests;
    private readonly AdmissionGate _settlements;
    private readonly IClientLoop _loop;
    private EventHandler<PeerStateChangedEventArgs>? _peerStateChanged;

    /// <summary>Starts connecting in the background; does not wait for the gateway.</summary>
    /// <exception cref="OptionsValidationException">The options are invalid; the message lists every fault.</exception>
    public GatewayClient(GatewayClientOptions options, ILogger<GatewayClient>? logger = null, TimeProvider? time = null)
        : this(options, logger, time, new SocketConnector())
    {
    }

    /// <summary>
    /// A client without a gateway, for a test that overrides what its application calls; every other call throws
    /// <see cref="NotSupportedException"/>.
    /// </summary>
    protected GatewayClient()
        : this(new GatewayClientOptions(), null, null, new NoGateway())
    {
    }

    /// <summary>A client whose loop the connector starts.</summary>
    internal GatewayClient(GatewayClientOptions options, ILogger<GatewayClient>? logger, TimeProvider? time, IConnector connector)
    {
        ArgumentNullException.ThrowIfNull(options);
        var validation = new GatewayClientOptionsValidator().Validate(null, options);
        if (validation.Failed)
            throw new OptionsValidationException(nameof(GatewayClientOptions), typeof(GatewayClientOptions), validation.Failures);
        _requestTimeout = options.RequestTimeout;
        _time = time ?? TimeProvider.System;
        Requests = RequestSettings.Of(options, _time);
        // Settling frees the room that enqueuing may be waiting for, so it must never wait behind it.
        _requests = new AdmissionGate(options.PendingRequestsMax, options.PendingBytesMax);
        _settlements = new AdmissionGate(options.PendingRequestsMax, long.MaxValue);
        var settings = new SessionSettings(options.ApplicationName, options.HeartbeatInterval, options.DeadAfter, options.Token);
        var session = new ClientSession(settings, _ids, new Random(RandomNumberGenerator.GetInt32(int.MaxValue)));
        var log = logger ?? NullLogger<GatewayClient>.Instance;
        _loop = connector.Connect(options, session, [_requests, _settlements], new GuardedNews(this, log), log, _time);
    }

    /// <summary>
    /// Raised when the gateway's link to a peer changes, for each peer to which this client has sent a message. Also raised with the
    /// current state on the first send to a peer, and after each reconnection to the gateway. Handlers run on the client's own thread: they
    /// must return at once and must not block on a call of this client. Exceptions thrown by a handler are logged.
    /// </summary>
    public virtual event EventHandler<PeerStateChangedEventArgs> PeerStateChanged
    {
        add
        {
            _peerStateChanged += value;
            _loop.Post(new SessionEvent.Watched());
        }

        remove => _peerStateChanged -= value;
    }

    /// <summary>
    /// Hands one message to the gateway. Returns when the message is on stable storage; from then on the gateway delivers it. Messages of
    /// calls that are awaited one after the other arrive in that order.
    /// </summary>
    /// <param name="destination"><c>queue@peer</c>, or a bare <c>queue</c> for which the gateway has a route.</param>
    /// <param name="body">The message body, by default at most 1 MiB. It must not change until the call is answered.</param>
    /// <param name="options">Id, headers and expiry.</param>
    /// <param name="cancellationToken">
    /// Ends the wait, not the request: if it was sent already, the message may still be accepted. Give the message an id of your own to be
    /// able to repeat the request safely.
    /// </param>
    /// <exception cref="GatewayException">
    /// <see cref="GatewayError.PossiblyAccepted"/> when no answer came: retry with the exception's ids. With
    /// <see cref="GatewayError.Disposed"/> the message may have been accepted. With any other reason it was not.
    /// </exception>
    public virtual async ValueTask<EnqueueReceipt> EnqueueAsync(
        string destination, ReadOnlyMemory<byte> body, EnqueueOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckName(destination, ProtocolLimits.DestinationCharsMax, nameof(destination));
        using var operation = ClientOperation.BeginSend(destination, batch: null, _time);
        var item = MakeItem(options ?? _noOptions, body, operation);
        operation?.Span?.SetTag(ClientTelemetry.MessageId, item.Id.ToString()).SetTag(ClientTelemetry.BodySize, body.Length);
        var accepted = await SendEnqueueAsync(destination, [item], body.Length, operation, cancellationToken).ConfigureAwait(false);
        return new EnqueueReceipt(accepted.MessageIds[0]);
    }

    /// <summary>
    /// Hands several messages to the gateway for one destination: all are accepted, in this order, or none. By default at most 1,000
    /// messages and 4 MiB. Otherwise like the other overload.
    /// </summary>
    public virtual async ValueTask<IReadOnlyList<EnqueueReceipt>> EnqueueAsync(
        string destination, IReadOnlyList<OutgoingMessage> messages, CancellationToken cancellationToken = default)
    {
        CheckName(destination, ProtocolLimits.DestinationCharsMax, nameof(destination));
        ArgumentNullException.ThrowIfNull(messages);
        ArgumentOutOfRangeException.ThrowIfZero(messages.Count, nameof(messages));
        using var operation = ClientOperation.BeginSend(destination, messages.Count, _time);
        EnqueueItem[] items = [.. messages.Select(message => MakeItem(message, message.Body, operation))];
        var bytes = messages.Sum(message => (long)message.Body.Length);
        var accepted = await SendEnqueueAsync(destination, items, bytes, operation, cancellationToken).ConfigureAwait(false);
        return [.. accepted.MessageIds.Select(id => new EnqueueReceipt(id))];
    }

    /// <summary>
    /// Receives the messages of a local queue until cancelled. Each message is held under a lease, renewed for up to
    /// <see cref="ReceiveOptions.LeaseRenewalMax"/>. Receiving resumes by itself after a lost connection; messages held at that time are
    /// redelivered with a higher delivery count. Several calls may run at once and share a queue. When the enumeration ends, prefetched
    /// messages are returned to the queue at once.
    /// </summary>
    /// <exception cref="GatewayException">The gateway refuses the queue permanently, or the client is disposed.</exception>
    /// <exception cref="OperationCanceledException">The call was cancelled; the enumeration ends in no other way.</exception>
    public virtual IAsyncEnumerable<ReceivedMessage> ReceiveAsync(
        string queue, ReceiveOptions? options = null, CancellationToken cancellationToken = default)
    {
        CheckName(queue, ProtocolLimits.NameCharsMax, nameof(queue));
        var how = options ?? new ReceiveOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(how.Prefetch, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(how.Prefetch, ProtocolLimits.CreditHighest, nameof(options));
        CheckLease(how.Lease);
        ArgumentOutOfRangeException.ThrowIfLessThan(how.LeaseRenewalMax, TimeSpan.Zero, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(how.LeaseRenewalMax, _leaseRenewalMost, nameof(options));
        return EnumerateAsync(queue, how, cancellationToken);
    }

    /// <summary>Returns messages of a local queue in order, without taking them: at most about 1 MB of bodies.</summary>
    /// <param name="queue">The local queue.</param>
    /// <param name="after">Start above this <see cref="BrowsedMessage.Number"/>; 0 for the head.</param>
    /// <param name="count">1 to 100.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public virtual async ValueTask<IReadOnlyList<BrowsedMessage>> PeekAsync(
        string queue, long after = 0, int count = 20, CancellationToken cancellationToken = default)
    {
        CheckName(queue, ProtocolLimits.NameCharsMax, nameof(queue));
        ArgumentOutOfRangeException.ThrowIfNegative(after);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ProtocolLimits.PeekMessagesMax);
        var reply = await AskAsync(id => new Request.Peek(id, queue, after, count), _requests, 0, 0, cancellationToken)
            .ConfigureAwait(false);
        return [.. ((Reply.Peeked)reply).Messages.Select(peeked => Browsed(peeked.Number, peeked.Message))];
    }

    /// <summary>Returns the gateway's name and whether it accepts messages now. Waits for a connection when there is none.</summary>
    public virtual async ValueTask<GatewayInfo> GetGatewayAsync(CancellationToken cancellationToken = default)
    {
        var reply = (Reply.Ready)await AskAsync(id => new Request.Ready(id), _requests, 0, 0, cancellationToken).ConfigureAwait(false);
        return new GatewayInfo(reply.Name, reply.Obstacle.Length == 0, reply.Obstacle);
    }

    /// <summary>
    /// Returns the number, size and age of the messages in one queue and, for a queue to a peer, the state of the link. A queue that never
    /// held a message is reported as empty.
    /// </summary>
    /// <param name="queue">A local queue, or <c>queue@peer</c> for the messages waiting to be sent to the peer.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="GatewayException">
    /// <see cref="GatewayError.NoRoute"/> if the gateway has no such peer; <see cref="GatewayError.NotAuthorised"/> without the right to
    /// receive from the local queue, or to enqueue to the peer's.
    /// </exception>
    public virtual async ValueTask<QueueInfo> GetQueueAsync(string queue, CancellationToken cancellationToken = default)
    {
        CheckName(queue, ProtocolLimits.DestinationCharsMax, nameof(queue));
        var reply = (Reply.Depth)await AskAsync(id => new Request.Depth(id, queue), _requests, 0, 0, cancellationToken)
            .ConfigureAwait(false);
        var peer = reply.State.Length == 0
            ? null
            : PeerOf(queue[(queue.IndexOf('@', StringComparison.Ordinal) + 1)..], reply.State, reply.Cause, reply.Text);
        return new QueueInfo(reply.Messages, reply.Bytes, peer)
        {
            OldestAt = reply.OldestUnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(reply.OldestUnixMs),
        };
    }

    /// <summary>
    /// Closes the connection, which frees the messages held here, and fails pending calls with <see cref="GatewayError.Disposed"/>.
    /// </summary>
    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _loop.DisposeAsync();
    }

    /// <summary>Raises <see cref="PeerStateChanged"/>.</summary>
    /// <param name="e">The peer and the state of its link.</param>
    protected virtual void OnPeerStateChanged(PeerStateChangedEventArgs e) => _peerStateChanged?.Invoke(this, e);

    /// <summary>How this client sends requests and replies.</summary>
    internal RequestSettings Requests { get; }

    internal async ValueTask SettleAsync(
        string name, ReceivedMessage message, Func<RequestId, Request> request, int connection, CancellationToken cancellationToken)
    {
        using var operation = ClientOperation.BeginSettle(name, message, _time);
        var answer = AskAsync(request, _settlements, 0, connection, cancellationToken);
        await (operation?.ObserveAsync(answer) ?? answer).ConfigureAwait(false);
    }

    internal static DateTimeOffset? ExpiryOf(DeliveredMessage message) =>
        message.ExpiresUnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(message.ExpiresUnixMs);

    internal static void CheckLease(TimeSpan? lease)
    {
        if (lease < _leaseMin || lease > _leaseMax)
            throw new ArgumentOutOfRangeException(nameof(lease), lease, "A lease is between 100 ms and 12 h.");
    }

    private async ValueTask<Reply.Accepted> SendEnqueueAsync(
        string destination, EnqueueItem[] items, long bytes, ClientOperation? operation, CancellationToken cancellationToken)
    {
        var answer = AskAsync(id => new Request.Enqueue(id, destination, items), _requests, bytes, 0, cancellationToken);
        return (Reply.Accepted)await (operation?.ObserveAsync(answer) ?? answer).ConfigureAwait(false);
    }

    private async ValueTask<Reply> AskAsync(
        Func<RequestId, Request> request, AdmissionGate gate, long bytes, int connection, CancellationToken cancellationToken)
    {
        var deadline = _loop.Now + _requestTimeout;
        await gate.EnterAsync(bytes, deadline, cancellationToken).ConfigureAwait(false);
        try
        {
            var id = _ids.Next();
            var call = new Call(id, request(id), deadline, connection);
            _loop.Post(new SessionEvent.Submitted(call));
            using (cancellationToken.UnsafeRegister(_ => _loop.Post(new SessionEvent.Cancelled(call, cancellationToken)), null))
                return await call.Answer.ConfigureAwait(false);
        }
        finally
        {
            gate.Leave(bytes);
        }
    }

    private async IAsyncEnumerable<ReceivedMessage> EnumerateAsync(
        string queue, ReceiveOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var subscription = new Subscription(_ids.Next(), queue, options.Prefetch, options.Lease, options.LeaseRenewalMax);
        _loop.Post(new SessionEvent.Subscribed(subscription));
        try
        {
            while (true)
            {
                var asked = _time.GetUtcNow();
                if (await TakeAsync(subscription, cancellationToken).ConfigureAwait(false) is not { } delivery)
                    continue;
                var given = _loop.Now;
                var isReadable = HeadersJson.TryRead(delivery.Message.Headers, out var headers);
                var message = new ReceivedMessage(this, queue, delivery, headers ?? _noHeaders, _time);
                if (!isReadable)
                {
                    // Thrown to the application, it would come back as the next message, in front of all others.
                    await message.RejectAsync("its headers are not a JSON object of strings", cancellationToken).ConfigureAwait(false);
                    continue;
                }

                message.RecordReceived(asked);
                yield return message;
                subscription.Measure(_loop.Now - given);
            }
        }
        finally
        {
            _loop.Post(new SessionEvent.Unsubscribed(subscription));
        }
    }

    /// <summary>
    /// Takes the next message and grants the credit that is due. Null if the message's lease ran out while it was buffered.
    /// </summary>
    private async ValueTask<HeldDelivery?> TakeAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var delivery = await subscription.TakeAsync(cancellationToken).ConfigureAwait(false);
        var due = subscription.CountTaken(delivery.Connection);
        if (due > 0)
            _loop.Post(new SessionEvent.Taken(subscription, delivery.Connection, due));
        return delivery.TryTake(_loop.Now) ? delivery : null;
    }

    private EnqueueItem MakeItem(EnqueueOptions options, ReadOnlyMemory<byte> body, ClientOperation? operation)
    {
        // The id is always set here: otherwise the request could not be retried after a lost answer.
        var id = options.MessageId ?? MessageId.New(_time.GetUtcNow());
        var headers = WriteHeaders(MessageKey.Add(options.Headers, options.Key), operation);
        return new EnqueueItem(id, headers, WireText.ToUnixMs(options.ExpiresAt), body);
    }

    /// <summary>With the trace, unless that makes them larger than the gateway accepts: no message is rejected for its trace.</summary>
    private byte[] WriteHeaders(IReadOnlyDictionary<string, string>? headers, ClientOperation? operation)
    {
        var traced = TraceHeaders.Inject(headers, operation?.Span);
        var json = HeadersJson.Write(traced);
        return json.Length <= _loop.HeadersBytesMax || ReferenceEquals(traced, headers) ? json : HeadersJson.Write(headers);
    }

    /// <inheritdoc/>
    void IPeerNews.OnPeer(Reply.Peer peer) =>
        OnPeerStateChanged(new PeerStateChangedEventArgs(PeerOf(peer.Name, peer.State, peer.Cause, peer.Text)));

    private static PeerInfo PeerOf(string name, string state, string cause, string evidence) => new(name, state == "up", cause, evidence);

    private static BrowsedMessage Browsed(long number, DeliveredMessage message) => new(
        number,
        message.Id,
        message.Deliveries,
        HeadersJson.TryRead(message.Headers, out var headers) ? headers : _noHeaders,
        DateTimeOffset.FromUnixTimeMilliseconds(message.EnqueuedUnixMs),
        ExpiryOf(message),
        message.Source,
        message.Body);

    private static void CheckName(string name, int charsMax, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, charsMax, parameter);
    }
}
