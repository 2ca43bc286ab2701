namespace Gateway.Client;

/// <summary>Messages whose bodies are values of the application's types.</summary>
public static class TypedMessages
{
    /// <summary>The header with the content type of the body.</summary>
    public const string ContentTypeHeader = "content-type";

    /// <summary>
    /// Hands one message to the gateway whose body is the value, as <see cref="GatewayClient.EnqueueAsync(string, ReadOnlyMemory{byte},
    /// EnqueueOptions?, CancellationToken)"/> does. The content type travels as the header <see cref="ContentTypeHeader"/>.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="destination"><c>queue@peer</c>, or a bare <c>queue</c> for which the gateway has a route.</param>
    /// <param name="value">The value.</param>
    /// <param name="options">Id, headers and expiry.</param>
    /// <param name="serializer">Writes the value; null for <see cref="JsonMessageSerializer.Default"/>.</param>
    /// <param name="cancellationToken">Ends the wait, not the request.</param>
    public static ValueTask<EnqueueReceipt> EnqueueAsync<T>(
        this GatewayClient client, string destination, T value, EnqueueOptions? options = null, IMessageSerializer? serializer = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        var writer = serializer ?? JsonMessageSerializer.Default;
        var given = options ?? new EnqueueOptions();
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, text) in given.Headers ?? headers)
            headers[name] = text;
        headers[ContentTypeHeader] = writer.ContentType;
        return client.EnqueueAsync(destination, writer.Write(value).AsMemory(), given with { Headers = headers }, cancellationToken);
    }

    /// <summary>Reads the body of a message. A message without the header <see cref="ContentTypeHeader"/> is read all the same.</summary>
    /// <param name="message">The message.</param>
    /// <param name="serializer">Reads the body; null for <see cref="JsonMessageSerializer.Default"/>.</param>
    /// <exception cref="UnreadableMessageException">
    /// The body has another content type, is malformed, or is null. A processor rejects such a message with the exception's text; a loop of
    /// one's own should do so too.
    /// </exception>
    public static T As<T>(this ReceivedMessage message, IMessageSerializer? serializer = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        var reader = serializer ?? JsonMessageSerializer.Default;
        if (message.Headers.TryGetValue(ContentTypeHeader, out var type) && !reader.CanRead(type))
            throw new UnreadableMessageException($"The content type is '{type}', and {reader.ContentType} is expected.");
        return Read<T>(reader, message.Body) ?? throw new UnreadableMessageException($"The body holds no {typeof(T).Name}, but null.");
    }

    private static T? Read<T>(IMessageSerializer reader, ReadOnlyMemory<byte> body)
    {
        try
        {
            return reader.Read<T>(body);
        }
        catch (Exception fault)
        {
            // A serializer is the application's, and may throw anything; whatever it is, the next attempt would meet it again.
            throw new UnreadableMessageException($"The body is no {typeof(T).Name}: {fault.Message}", fault);
        }
    }
}
