using System.Collections.ObjectModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace Gateway.Client.Wire;

/// <summary>Headers as a JSON object of strings. None are an empty frame.</summary>
internal static class HeadersJson
{
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

    /// <summary>False for anything but an object of strings. Of a name that stands twice the last text holds.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> json, [NotNullWhen(true)] out IReadOnlyDictionary<string, string>? headers)
    {
        headers = ReadOnlyDictionary<string, string>.Empty;
        if (json.IsEmpty)
            return true;
        try
        {
            using var document = JsonDocument.Parse(json);
            headers = document.RootElement.ValueKind == JsonValueKind.Object ? Read(document.RootElement) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second kind is what JsonDocument says of a name or text with half a surrogate pair.
            headers = null;
        }

        return headers is not null;
    }

    private static Dictionary<string, string>? Read(JsonElement json)
    {
        var headers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var header in json.EnumerateObject())
        {
            if (header.Value.ValueKind != JsonValueKind.String)
                return null;
            headers[header.Name] = header.Value.GetString()!;
        }

        return headers;
    }
}
