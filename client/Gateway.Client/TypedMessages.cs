using Gateway.Client.Wire;

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
        return client.EnqueueAsync(destination, writer.Write(value).AsMemory(), WithContentType(options, writer), cancellationToken);
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
        return Read<T>(message.Headers, message.Body, serializer);
    }

    /// <summary>The options with the content type of what the serializer writes.</summary>
    internal static EnqueueOptions WithContentType(EnqueueOptions? options, IMessageSerializer writer)
    {
        var headers = HeaderEntries.Copy(options?.Headers);
        headers[ContentTypeHeader] = writer.ContentType;
        return (options ?? new EnqueueOptions()) with { Headers = headers };
    }

    /// <summary>Reads a body, as <see cref="As{T}"/> does.</summary>
    internal static T Read<T>(IReadOnlyDictionary<string, string> headers, ReadOnlyMemory<byte> body, IMessageSerializer? serializer)
    {
        var reader = serializer ?? JsonMessageSerializer.Default;
        if (headers.TryGetValue(ContentTypeHeader, out var type) && !reader.CanRead(type))
            throw new UnreadableMessageException($"The content type is '{type}', and {reader.ContentType} is expected.");
        return Read<T>(reader, body) ?? throw new UnreadableMessageException($"The body holds no {typeof(T).Name}, but null.");
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
