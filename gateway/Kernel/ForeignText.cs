using System.Globalization;

namespace Gateway.Kernel;

/// <summary>Text of strangers, made harmless for a terminal.</summary>
internal static class ForeignText
{
    /// <summary>Replaces each character that would control the terminal or reorder the text by a dot.</summary>
    public static string Plain(string? text)
    {
        if (text is null || !text.Any(Steers)) return text ?? "";
        return string.Create(text.Length, text, static (plain, from) =>
        {
            for (var i = 0; i < plain.Length; i++) plain[i] = Steers(from[i]) ? '·' : from[i];
        });
    }

    private static bool Steers(char c) => char.IsControl(c) || char.GetUnicodeCategory(c)
        is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
