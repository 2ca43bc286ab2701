using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Dashboard.Browsing;

/// <summary>A body as displayable text. The content is untrusted: pages show it as text, never as markup.</summary>
internal static class BodyText
{
    /// <summary>The limit for display as text.</summary>
    public const int TextBytesMax = 128 * 1024;

    /// <summary>The limit for display in hexadecimal, which takes four times the space.</summary>
    public const int HexBytesMax = 16 * 1024;

    private const int HexRowBytes = 16;

    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>Only for text in a page, whose own encoding makes all characters harmless.</summary>
    private static readonly JsonSerializerOptions _indented = new()
    { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null if the body is not JSON or too long to display.</summary>
    public static string? Json(ReadOnlyMemory<byte> body)
    {
        if (body.Length is 0 or > TextBytesMax) return null;
        try
        {
            using var json = JsonDocument.Parse(body);
            return json.RootElement.ValueKind is JsonValueKind.Object
                or JsonValueKind.Array ? ForeignText.Json(JsonSerializer.Serialize(json.RootElement, _indented)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Null if the body is not UTF-8.</summary>
    public static string? Text(ReadOnlySpan<byte> body)
    {
        var shown = body[..Math.Min(body.Length, TextBytesMax)];
        if (shown.Length < body.Length) shown = shown[..WholeCharacters(shown)];
        try
        {
            var text = _strict.GetString(shown);
            return text.Any(c => char.IsControl(c) && c is not ('\t' or '\r' or '\n')) ? null : ForeignText.Lines(text);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    public static string Hex(ReadOnlySpan<byte> body)
    {
        var shown = body[..Math.Min(body.Length, HexBytesMax)];
        var text = new StringBuilder();
        for (var row = 0; row < shown.Length; row += HexRowBytes)
        {
            var bytes = shown.Slice(row, Math.Min(HexRowBytes, shown.Length - row));
            text.Append(CultureInfo.InvariantCulture, $"{row:x6}  ");
            for (var i = 0; i < HexRowBytes; i++)
            {
                text.Append(i < bytes.Length ? bytes[i].ToString("x2", CultureInfo.InvariantCulture) : "  ").Append(i == 7 ? "  " : " ");
            }

            text.Append(' ');
            foreach (var b in bytes) text.Append(b is >= 0x20 and < 0x7F ? (char)b : '·');
            text.Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A cut within a character would make the rest look like binary data.</summary>
    private static int WholeCharacters(ReadOnlySpan<byte> utf8)
    {
        var length = utf8.Length;
        while (length > 0 && utf8.Length - length < 4 && (utf8[length - 1] & 0xC0) == 0x80) length--;
        return length > 0 && utf8[length - 1] >= 0xC0 ? length - 1 : utf8.Length;
    }
}
