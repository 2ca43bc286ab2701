using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Gateway.Http.Views;

internal enum BodyKind
{
    Empty,
    Json,
    Text,
    Binary,
}

/// <summary>The beginning of a body in displayable form.</summary>
/// <param name="Bytes">The size of the whole body.</param>
/// <param name="ShownBytes">The size of the part shown.</param>
/// <param name="Text">The content, for JSON and text.</param>
/// <param name="Hex">The content of other bodies, two digits a byte.</param>
internal sealed record BodyPreview(long Bytes, int ShownBytes, BodyKind Kind, string? Text, string? Hex)
{
    public const int DefaultBytes = 4 * 1024;
    public const int BytesMax = 64 * 1024;

    /// <summary>Bodies up to this size are checked in full for JSON; of longer ones only the beginning is examined.</summary>
    private const int JsonBytesMax = 256 * 1024;

    public static BodyPreview Of(ReadOnlySpan<byte> body, int shownMax)
    {
        if (body.IsEmpty) return new BodyPreview(0, 0, BodyKind.Empty, null, null);
        var shown = body[..EndOf(body, shownMax)];
        if (!IsText(shown)) return new BodyPreview(body.Length, Math.Min(body.Length, shownMax), BodyKind.Binary,
            null, Convert.ToHexStringLower(body[..Math.Min(body.Length, shownMax)]));
        return new BodyPreview(body.Length, shown.Length, IsJson(body) ? BodyKind.Json : BodyKind.Text, Encoding.UTF8.GetString(shown),
            null);
    }

    /// <summary>The position at which to cut, so that a multi-byte character is shown whole or not at all.</summary>
    private static int EndOf(ReadOnlySpan<byte> body, int max)
    {
        if (body.Length <= max) return body.Length;
        var end = max;
        while (end > 0 && max - end < 4 && (body[end] & 0xC0) == 0x80) end--;
        return end;
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value < ' ' && value is not ((byte)'\t' or (byte)'\n' or (byte)'\r')) return false;
        }

        return Utf8.IsValid(bytes);
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        // A bare number or word counts as text.
        if (body.Length > JsonBytesMax || body.TrimStart(" \t\r\n"u8) is not [(byte)'{' or (byte)'[', ..]) return false;
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
