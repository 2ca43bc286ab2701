using System.Globalization;
using System.Text;

namespace Gateway.Kernel;

/// <summary>
/// The one place where text that others wrote is made harmless before a person sees it: names in a hello, headers, bodies, reasons of
/// peers, paths of requests. A terminal obeys control characters, and marks of direction let a line read as another; each is shown as a
/// dot. The log, the command line and the dashboard all use it. Stored and transmitted text stays as it is.
/// </summary>
internal static class ForeignText
{
    private const char Dot = '·';
    private const char ZeroWidthNonJoiner = '\u200C';
    private const char ZeroWidthJoiner = '\u200D';

    /// <summary>For one line: line ends and tabs are shown as dots, too.</summary>
    public static string Plain(string? text) => Of(text ?? "", keepsLines: false);

    /// <summary>For text of several lines: line ends and tabs are kept.</summary>
    public static string Lines(string? text) => Of(text ?? "", keepsLines: true);

    /// <summary>For JSON, where such characters occur in strings alone: each is escaped, so that the text stays the same.</summary>
    public static string Json(string json)
    {
        var first = FirstHarmful(json, keepsLines: true);
        if (first < 0) return json;
        var escaped = new StringBuilder(json, 0, first, json.Length + 16);
        for (var i = first; i < json.Length;)
        {
            var length = LengthAt(json, i);
            if (!IsHarmful(json, i, length, keepsLines: true)) escaped.Append(json, i, length);
            else foreach (var c in json.AsSpan(i, length)) escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            i += length;
        }

        return escaped.ToString();
    }

    private static string Of(string text, bool keepsLines)
    {
        var first = FirstHarmful(text, keepsLines);
        if (first < 0) return text;
        var shown = new StringBuilder(text, 0, first, text.Length);
        for (var i = first; i < text.Length;)
        {
            var length = LengthAt(text, i);
            if (IsHarmful(text, i, length, keepsLines)) shown.Append(Dot);
            else shown.Append(text, i, length);
            i += length;
        }

        return shown.ToString();
    }

    private static int FirstHarmful(string text, bool keepsLines)
    {
        for (var i = 0; i < text.Length;)
        {
            var length = LengthAt(text, i);
            if (IsHarmful(text, i, length, keepsLines)) return i;
            i += length;
        }

        return -1;
    }

    private static int LengthAt(string text, int i) =>
        char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]) ? 2 : 1;

    private static bool IsHarmful(string text, int i, int length, bool keepsLines)
    {
        var c = text[i];
        if (c is >= ' ' and <= '~' or ZeroWidthJoiner or ZeroWidthNonJoiner) return false;
        if (keepsLines && (c is '\n' or '\t' || (c == '\r' && i + 1 < text.Length && text[i + 1] == '\n'))) return false;
        return (length == 2 ? CharUnicodeInfo.GetUnicodeCategory(text, i) : CharUnicodeInfo.GetUnicodeCategory(c)) is
            UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
    }
}
