using System.Text.Json;

namespace Gateway.Intake;

/// <summary>Checks that headers are a JSON object of strings; they are passed on as they came.</summary>
internal static class HeadersCheck
{
    public const int EntriesMax = 64;

    /// <summary>Null when they are right, else a sentence that says what is wrong.</summary>
    public static string? Find(ReadOnlySpan<byte> headers)
    {
        if (headers.IsEmpty) return null;
        try
        {
            return FindInJson(headers);
        }
        catch (JsonException e)
        {
            return $"the headers are not JSON: {e.Message}";
        }
    }

    private static string? FindInJson(ReadOnlySpan<byte> headers)
    {
        var reader = new Utf8JsonReader(headers);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "the headers are not a JSON object";

        var entries = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (++entries > EntriesMax) return $"there are more than {EntriesMax} headers";
            var name = reader.GetString();
            if (!reader.Read() || reader.TokenType != JsonTokenType.String) return $"header '{name}' is not a string";
        }

        reader.Read();
        return null;
    }
}
