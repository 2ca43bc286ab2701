using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Gateway.Client;
using Gateway.Client.Requests;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Answers;

/// <summary>The headers of a message that comes as a CloudEvent, in the HTTP binding of CloudEvents 1.0. Pure.</summary>
internal static class CloudEventHeaders
{
    /// <summary>The message's key, which an event's partition becomes.</summary>
    public const string Key = "key";

    private const string Prefix = "ce-";
    private const string SpecVersion = "ce-specversion";
    private const string PartitionKey = "ce-partitionkey";
    private const string Source = "ce-source";
    private const string Id = "ce-id";
    private const string ContentType = "content-type";
    private const string MediaType = "application/cloudevents";

    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// The headers that a client of the local protocol would have given the event; none for a request that is no event. Their number and
    /// size are limited by the server, and once more when the message is taken.
    /// </summary>
    /// <exception cref="ProblemException">A value cannot be decoded.</exception>
    public static IReadOnlyDictionary<string, string> Of(IHeaderDictionary request)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        var type = request.ContentType.ToString();
        var isStructured = IsOfCloudEvents(type);
        if (!isStructured && !request.ContainsKey(SpecVersion)) return headers;
        if (type.Length > 0) headers[ContentType] = type;
        // A structured event has everything in its body; its sender may repeat it in headers.
        if (isStructured) return headers;
        foreach (var (name, values) in request)
        {
            if (!name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)) continue;
            if (values is not [{ } value] || !TryDecode(value, out var text) || text.Contains('\0', StringComparison.Ordinal))
            {
                throw ProblemException.BadRequest($"The header {name} is not one text in the HTTP binding of CloudEvents: space, \", % and "
                    + "what is not printable ASCII are written as % and two hexadecimal digits for each byte of UTF-8; there is no zero "
                    + "character.");
            }

            headers[name.ToLowerInvariant()] = text;
        }

        if (headers.TryGetValue(PartitionKey, out var key)) headers[Key] = key;
        return headers;
    }

    /// <summary>
    /// The id that the client gives the message of such an event; null for headers without a source and an id, as a structured event has
    /// them, whose body is not read.
    /// </summary>
    public static MessageId? IdOf(string destination, IReadOnlyDictionary<string, string> ofEvent) =>
        ofEvent.GetValueOrDefault(Source) is { Length: > 0 } source && ofEvent.GetValueOrDefault(Id) is { Length: > 0 } id
            ? DerivedId.OfEvent(destination, source, id)
            : null;

    /// <summary>Takes away double quotes, and decodes percent signs once. False for what is not UTF-8 after that.</summary>
    public static bool TryDecode(string value, [NotNullWhen(true)] out string? text)
    {
        text = null;
        var plain = value is ['"', .. var quoted, '"'] ? Unescaped(quoted) : value;
        var bytes = new MemoryStream();
        for (var i = 0; i < plain.Length; i++)
        {
            if (plain[i] != '%')
            {
                var length = char.IsHighSurrogate(plain[i]) && i + 1 < plain.Length ? 2 : 1;
                bytes.Write(Encoding.UTF8.GetBytes(plain.Substring(i, length)));
                i += length - 1;
                continue;
            }

            if (plain.Length - i < 3 || !char.IsAsciiHexDigit(plain[i + 1]) || !char.IsAsciiHexDigit(plain[i + 2])) return false;
            bytes.WriteByte(byte.Parse(plain.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
            i += 2;
        }

        try
        {
            text = _utf8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static bool IsOfCloudEvents(string type) =>
        type.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == MediaType.Length || type[MediaType.Length] is '+' or '-' or ';');

    private static string Unescaped(string quoted)
    {
        var text = new StringBuilder();
        for (var i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '\\' && i + 1 < quoted.Length) i++;
            text.Append(quoted[i]);
        }

        return text.ToString();
    }
}
