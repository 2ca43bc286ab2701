using System.Collections.ObjectModel;

namespace Gateway.Client.Requests;

/// <summary>The reply to a request. It has left the reply queue and needs no settling.</summary>
public sealed class ReplyMessage
{
    private static readonly IReadOnlyDictionary<string, string> _noHeaders =
        new ReadOnlyDictionary<string, string>(new Dictionary<string, string>());

    /// <summary>Creates a reply. Public so that applications can test what they do with one.</summary>
    /// <param name="requestId">The id of the request.</param>
    /// <param name="body">The body.</param>
    /// <param name="headers">The headers; null for none.</param>
    /// <param name="messageId">The reply's own id.</param>
    /// <param name="source">The name of the gateway that accepted the reply.</param>
    public ReplyMessage(
        MessageId requestId, ReadOnlyMemory<byte> body, IReadOnlyDictionary<string, string>? headers = null, MessageId messageId = default,
        string source = "")
    {
        RequestId = requestId;
        Body = body;
        Headers = headers ?? _noHeaders;
        MessageId = messageId;
        Source = source;
    }

    internal ReplyMessage(MessageId requestId, ReceivedMessage message)
        : this(requestId, message.Body, message.Headers, message.Id, message.Source)
    {
    }

    /// <summary>The id of the request.</summary>
    public MessageId RequestId { get; }

    /// <summary>The reply's own id.</summary>
    public MessageId MessageId { get; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>The headers; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>The name of the gateway that accepted the reply.</summary>
    public string Source { get; }

    /// <summary>Reads the body as <see cref="TypedMessages.As{T}"/> does.</summary>
    /// <param name="serializer">Reads the body; null for <see cref="JsonMessageSerializer.Default"/>.</param>
    /// <exception cref="UnreadableMessageException">The body has another content type, is malformed, or is null.</exception>
    public T As<T>(IMessageSerializer? serializer = null) => TypedMessages.Read<T>(Headers, Body, serializer);
}
