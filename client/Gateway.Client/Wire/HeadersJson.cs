using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;

namespace Gateway.Client.Wire;

/// <summary>Headers as a JSON object of strings, each name once. No headers are an empty frame.</summary>
internal static class HeadersJson
{
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The shortest escapes of JSON (RFC 8259, section 7), by character.</summary>
    private static readonly string?[] _escapes = Escapes();

    /// <summary>
    /// Writes each character as the shortest JSON there is. So headers that were accepted once and are written again, as an import does,
    /// never become longer, and never exceed the limit that they were within.
    /// </summary>
    /// <exception cref="ArgumentException">A name or text is null or holds half a surrogate pair.</exception>
    public static byte[] Write(IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is null or { Count: 0 })
            return [];
        var json = new StringBuilder();
        var separator = '{';
        foreach (var (name, text) in headers)
        {
            AddString(json.Append(separator), name);
            AddString(json.Append(':'), text ?? throw new ArgumentException($"The header '{name}' is null.", nameof(headers)));
            separator = ',';
        }

        return _utf8.GetBytes(json.Append('}').ToString());
    }

    /// <summary>Null when the gateway accepts the bytes as headers, else a clause that describes the fault.</summary>
    public static string? FindFault(ReadOnlySpan<byte> json) => Read(json, null);

    /// <summary>
    /// False for anything but an object of strings with at most <see cref="ProtocolLimits.HeaderEntriesMax"/> different names.
    /// </summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? headers)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        headers = Read(json.Span, read) is null ? read : null;
        return headers is not null;
    }

    /// <summary>The text of one header; null if it is not there, or if the bytes are no JSON object.</summary>
    public static string? Find(ReadOnlySpan<byte> json, string name)
    {
        if (json.IsEmpty)
            return null;
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
                return null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isFound = reader.ValueTextEquals(name);
                if (!reader.Read())
                    return null;
                if (isFound)
                    return reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second kind is for invalid UTF-8.
        }

        return null;
    }

    /// <summary>The fault, or null; the entries go to <paramref name="headers"/>, if it is given.</summary>
    private static string? Read(ReadOnlySpan<byte> json, Dictionary<string, string>? headers)
    {
        if (json.IsEmpty)
            return null;
        try
        {
            return ReadObject(json, headers);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader throws the second kind for invalid UTF-8 or half a surrogate pair.
            return $"the headers are not JSON: {e.Message}";
        }
    }

    private static string? ReadObject(ReadOnlySpan<byte> json, Dictionary<string, string>? headers)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return "the headers are not a JSON object";

        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            if (!names.Add(name))
                return $"there are two headers '{name}'";
            if (names.Count > ProtocolLimits.HeaderEntriesMax)
                return $"there are more than {ProtocolLimits.HeaderEntriesMax} headers";
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                return $"header '{name}' is not a string";
            var text = reader.GetString()!;
            headers?.Add(name, text);
        }

        // Anything after the object is a JSON fault.
        reader.Read();
        return null;
    }

    private static void AddString(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (var character in text)
        {
            if (character < _escapes.Length && _escapes[character] is { } escape)
                json.Append(escape);
            else
                json.Append(character);
        }

        json.Append('"');
    }

    private static string?[] Escapes()
    {
        var escapes = new string?['\\' + 1];
        for (var control = 0; control < ' '; control++)
            escapes[control] = $"\\u{control:X4}";
        (escapes['\b'], escapes['\t'], escapes['\n'], escapes['\f'], escapes['\r']) = ("\\b", "\\t", "\\n", "\\f", "\\r");
        (escapes['"'], escapes['\\']) = ("\\\"", "\\\\");
        return escapes;
    }
}
