using System.Globalization;
using System.Text;

namespace Gateway.Cli.Shell;

/// <summary>Formats figures, times and foreign text for people.</summary>
internal static class Figures
{
    private static readonly string[] _sizes = ["B", "kB", "MB", "GB", "TB"];

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Messages(long count) => count == 1 ? "1 message" : $"{Count(count)} messages";

    public static string Size(long bytes)
    {
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 1000 && unit < _sizes.Length - 1; unit++) size /= 1000;
        return string.Create(CultureInfo.InvariantCulture, $"{size:0.#} {_sizes[unit]}");
    }

    public static string Rate(double perSecond) => string.Create(CultureInfo.InvariantCulture, $"{perSecond:#,0.#}/s");

    /// <summary>The age in its two largest units; empty for none.</summary>
    public static string Age(double? seconds)
    {
        if (seconds is not { } known) return "";
        var age = TimeSpan.FromSeconds(Math.Min(known, TimeSpan.MaxValue.TotalSeconds / 2));
        return age switch
        {
            { TotalDays: >= 1 } => $"{age.Days}d {age.Hours}h",
            { TotalHours: >= 1 } => $"{age.Hours}h {age.Minutes}m",
            { TotalMinutes: >= 1 } => $"{age.Minutes}m {age.Seconds}s",
            _ => string.Create(CultureInfo.InvariantCulture, $"{age.TotalSeconds:0.#}s"),
        };
    }

    /// <summary>The time in this host's zone; empty for none.</summary>
    public static string Time(DateTimeOffset? at) => at?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";

    /// <summary>Foreign text without control sequences for the terminal.</summary>
    public static string Plain(string? text)
    {
        if (text is null || !text.Any(char.IsControl)) return text ?? "";
        var plain = new StringBuilder(text.Length);
        foreach (var c in text) plain.Append(char.IsControl(c) ? '·' : c);
        return plain.ToString();
    }
}
