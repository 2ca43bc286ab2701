using Gateway.Client;
using Gateway.Client.Wire;

namespace Gateway.Store.Messages;

/// <summary>
/// The one definition of a valid message. Every door checks it (the local protocol, HTTP, imports, links and repair), so that each message
/// that one door lets in can pass all others and reach a consumer. Sizes are not part of it: each gateway has limits of its own.
/// </summary>
internal static class MessageRules
{
    /// <summary>Null for a valid message; else the fault as a clause that begins in lower case.</summary>
    public static MessageFault? FindFault(Message message)
    {
        if (FindFaultOfId(message.Id) is { } ofId) return ofId;
        if (!IsTime(message.EnqueuedUnixMs))
            return new(WireCode.BadRequest, $"the time of acceptance, {message.EnqueuedUnixMs} ms, is not between the years 1970 and 9999");
        if (!IsTime(message.ExpiresUnixMs))
            return new(WireCode.BadRequest, $"the expiry, {message.ExpiresUnixMs} ms, is not between the years 1970 and 9999");
        if (!Names.IsValid(message.Source))
            return new(WireCode.BadRequest, "the source is not the name of a gateway");
        return FindFaultOfHeaders(message.Headers.Span);
    }

    /// <summary>An id of zeros is the absent id of many libraries: two messages of different applications would share it.</summary>
    public static MessageFault? FindFaultOfId(MessageId id) => id == default
        ? new(WireCode.BadMessageId, "the message id is all zeros; give each message an id of its own, or none")
        : null;

    public static MessageFault? FindFaultOfHeaders(ReadOnlySpan<byte> headers) =>
        HeadersJson.FindFault(headers) is { } text ? new(WireCode.BadHeaders, text) : null;

    /// <summary>True for a time that a <see cref="DateTimeOffset"/> can represent, from 1970 on.</summary>
    public static bool IsTime(long unixMs) => unixMs is >= 0 and <= WireText.UnixMsMax;
}

/// <summary>The reason why a message is not valid.</summary>
/// <param name="Code">The code with which an application's request is rejected.</param>
/// <param name="Text">A clause that begins in lower case.</param>
internal readonly record struct MessageFault(WireCode Code, string Text);
