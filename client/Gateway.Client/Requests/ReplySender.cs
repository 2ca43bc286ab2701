namespace Gateway.Client.Requests;

/// <summary>Sends replies.</summary>
internal static class ReplySender
{
    /// <summary>Sends the reply to a request, under an id that follows from it.</summary>
    /// <param name="client">Sends it; null for a message that a test has made, whose reply goes nowhere.</param>
    /// <param name="request">The request.</param>
    /// <param name="body">The reply's body.</param>
    /// <param name="options">Headers and expiry of the reply.</param>
    /// <param name="cancellationToken">Ends the wait, not the reply.</param>
    public static async ValueTask<ReplyOutcome> SendAsync(
        GatewayClient? client, ReceivedMessage request, ReadOnlyMemory<byte> body, EnqueueOptions options,
        CancellationToken cancellationToken)
    {
        if (options.MessageId is not null)
            throw new ArgumentException("The id of a reply follows from its request; leave it out.", nameof(options));
        if (!request.Headers.TryGetValue(RequestHeaders.ReplyTo, out var text))
        {
            throw new InvalidOperationException(
                $"Message {request.Id} expects no reply: it has no header '{RequestHeaders.ReplyTo}'. See {nameof(request.ExpectsReply)}.");
        }

        if (!ReplyAddress.TryParse(text, out var address))
        {
            throw new UnreadableMessageException(
                $"The header '{RequestHeaders.ReplyTo}' is no destination of the form {ReplyAddress.Prefix}NAME@GATEWAY.");
        }

        // A requester in another language may leave it out: its request's own id does as well.
        var correlation = request.Headers.ContainsKey(RequestHeaders.CorrelationId)
            ? request.CorrelationId
                ?? throw new UnreadableMessageException($"The header '{RequestHeaders.CorrelationId}' is no message id.")
            : request.Id;
        if (client is null)
            return ReplyOutcome.Sent;
        var headers = Wire.HeaderEntries.Copy(options.Headers);
        headers[RequestHeaders.CorrelationId] = correlation.ToString();
        var reply = options with
        {
            MessageId = DerivedId.Of("reply", correlation, $"{request.Id} {request.Queue}"),
            Headers = headers,
            ExpiresAt = options.ExpiresAt ?? client.Requests.Time.GetUtcNow() + RequestReply.ReplyLifetime,
        };
        try
        {
            await client.EnqueueAsync(address.ToString(), body, reply, cancellationToken).ConfigureAwait(false);
            return ReplyOutcome.Sent;
        }
        catch (GatewayException refusal) when (refusal.Reason == GatewayError.IdConflict)
        {
            return ReplyOutcome.AnsweredBefore;
        }
    }
}
