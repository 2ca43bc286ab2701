using System.Runtime.CompilerServices;

namespace Gateway.Client.Requests;

/// <summary>Requests whose replies come back as durable messages, to a queue of the client.</summary>
/// <remarks>
/// The reply queue is <see cref="GatewayClientOptions.ReplyQueue"/>, one for all requests of a client. A reply for which nobody waits any
/// more, because its request timed out or its process ended, is kept in the late queue: <see cref="ReceiveLateRepliesAsync"/>.
/// </remarks>
public static class RequestReply
{
    private static readonly TimeSpan _timeoutMost = TimeSpan.FromDays(7);
    private static readonly ConditionalWeakTable<GatewayClient, RequestDesk> _desks = new();

    /// <summary>How long a reply waits for its requester unless its sender says otherwise; then it becomes a dead letter.</summary>
    public static TimeSpan ReplyLifetime { get; } = TimeSpan.FromDays(1);

    /// <summary>
    /// Sends a request and waits for its reply. Restarts of the gateways and of the replier within the timeout only delay it.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="destination"><c>queue@peer</c>, or a bare <c>queue</c> for which the gateway has a route.</param>
    /// <param name="body">The request's body. It must not change until the call has ended.</param>
    /// <param name="timeout">
    /// The time for all of it, up to 7 days. Unless <see cref="EnqueueOptions.ExpiresAt"/> says otherwise the request expires then too, by
    /// the clocks of the gateways, so that nobody works on it afterwards.
    /// </param>
    /// <param name="options">Id, headers and expiry of the request.</param>
    /// <param name="cancellationToken">Ends the wait, not the request.</param>
    /// <exception cref="GatewayException">
    /// With <see cref="GatewayError.NoReply"/> when no reply came in time, for whatever reason: a rejected request has no reply either.
    /// Otherwise the gateway refused the request, or this client may not receive its reply.
    /// </exception>
    /// <exception cref="InvalidOperationException">A request with the same id waits for its reply already.</exception>
    public static ValueTask<ReplyMessage> RequestAsync(
        this GatewayClient client, string destination, ReadOnlyMemory<byte> body, TimeSpan timeout, EnqueueOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(destination);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(timeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, _timeoutMost);
        return DeskOf(client).AskAsync(destination, body, timeout, options ?? new EnqueueOptions(), cancellationToken);
    }

    /// <summary>Sends a value as a request and reads its reply, both as <see cref="TypedMessages"/> do.</summary>
    /// <param name="client">The client.</param>
    /// <param name="destination"><c>queue@peer</c>, or a bare <c>queue</c> for which the gateway has a route.</param>
    /// <param name="value">The value.</param>
    /// <param name="timeout">The time for all of it, up to 7 days.</param>
    /// <param name="options">Id, headers and expiry of the request.</param>
    /// <param name="serializer">Writes the request and reads the reply; null for <see cref="JsonMessageSerializer.Default"/>.</param>
    /// <param name="cancellationToken">Ends the wait, not the request.</param>
    /// <exception cref="GatewayException">As for the other overload.</exception>
    /// <exception cref="UnreadableMessageException">The reply has another content type, is malformed, or is null.</exception>
    public static async ValueTask<TReply> RequestAsync<TRequest, TReply>(
        this GatewayClient client, string destination, TRequest value, TimeSpan timeout, EnqueueOptions? options = null,
        IMessageSerializer? serializer = null, CancellationToken cancellationToken = default)
    {
        var writer = serializer ?? JsonMessageSerializer.Default;
        var typed = TypedMessages.WithContentType(options, writer);
        var reply = await client.RequestAsync(destination, writer.Write(value).AsMemory(), timeout, typed, cancellationToken)
            .ConfigureAwait(false);
        return reply.As<TReply>(writer);
    }

    /// <summary>Replies to a request with a value, as <see cref="ReceivedMessage.ReplyAsync"/> does.</summary>
    /// <param name="message">The request.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">Headers and expiry of the reply.</param>
    /// <param name="serializer">Writes the value; null for <see cref="JsonMessageSerializer.Default"/>.</param>
    /// <param name="cancellationToken">Ends the wait, not the reply.</param>
    public static ValueTask<ReplyOutcome> ReplyAsync<T>(
        this ReceivedMessage message, T value, EnqueueOptions? options = null, IMessageSerializer? serializer = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        var writer = serializer ?? JsonMessageSerializer.Default;
        return message.ReplyAsync(writer.Write(value).AsMemory(), TypedMessages.WithContentType(options, writer), cancellationToken);
    }

    /// <summary>
    /// Receives the replies for which nobody waited any more, those of former runs included if
    /// <see cref="GatewayClientOptions.ReplyQueue"/> is set. <see cref="ReceivedMessage.CorrelationId"/> is the id of the request. Like any
    /// message each is to be settled, and comes at least once.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="options">The settings of the consumer.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public static async IAsyncEnumerable<ReceivedMessage> ReceiveLateRepliesAsync(
        this GatewayClient client, ReceiveOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var desk = DeskOf(client);
        // Its receiver is what finds out which replies are late.
        await desk.OpenAsync(cancellationToken).ConfigureAwait(false);
        await foreach (var reply in client.ReceiveAsync(desk.LateQueue, options, cancellationToken).ConfigureAwait(false))
            yield return reply;
    }

    private static RequestDesk DeskOf(GatewayClient client) => _desks.GetValue(client, owner => new RequestDesk(owner));
}
