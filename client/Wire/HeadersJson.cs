using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Gateway.Client.Wire;

/// <summary>Headers as a JSON object of strings. No headers are an empty frame.</summary>
internal static class HeadersJson
{
    /// <summary>The maximum number of entries that a gateway accepts.</summary>
    public const int EntriesMax = 64;

    /// <exception cref="ArgumentException">A name or text is null or holds half a surrogate pair.</exception>
    public static byte[] Write(IReadOnlyDictionary<string, string>? headers)
    {
        if (headers is null or { Count: 0 })
            return [];
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            foreach (var (name, text) in headers)
                json.WriteString(name, text ?? throw new ArgumentException($"The header '{name}' is null.", nameof(headers)));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Null when the gateway accepts the bytes as headers, else a sentence describing the fault.</summary>
    public static string? FindFault(ReadOnlySpan<byte> json) => Read(json, EntriesMax, []);

    /// <summary>False for anything but an object of strings. If a name occurs twice, the last value wins.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? headers)
    {
        var read = new Dictionary<string, string>(StringComparer.Ordinal);
        headers = Read(json.Span, int.MaxValue, read) is null ? read : null;
        return headers is not null;
    }

    private static string? Read(ReadOnlySpan<byte> json, int entriesMax, Dictionary<string, string> headers)
    {
        if (json.IsEmpty)
            return null;
        try
        {
            return ReadObject(json, entriesMax, headers);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader throws the second kind for invalid UTF-8 or half a surrogate pair.
            return $"the headers are not JSON: {e.Message}";
        }
    }

    private static string? ReadObject(ReadOnlySpan<byte> json, int entriesMax, Dictionary<string, string> headers)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return "the headers are not a JSON object";

        for (var entries = 1; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; entries++)
        {
            if (entries > entriesMax)
                return $"there are more than {entriesMax} headers";
            var name = reader.GetString()!;
            if (!reader.Read() || reader.TokenType != JsonTokenType.String)
                return $"header '{name}' is not a string";
            headers[name] = reader.GetString()!;
        }

        // Anything after the object is a JSON fault.
        reader.Read();
        return null;
    }
}
