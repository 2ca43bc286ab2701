using System.Globalization;

namespace Gateway.Kernel;

/// <summary>
/// Figures and times for people, in one form everywhere: command line, pages, log and causes. Times are in UTC
/// and say so. Pure.
/// </summary>
internal static class Figures
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;
    private static readonly string[] _sizes = ["B", "kB", "MB", "GB", "TB"];

    public static string Count(long count) => count.ToString("N0", _culture);

    /// <summary>Empty for none.</summary>
    public static string Count(long? count) => count is { } known ? Count(known) : "";

    /// <summary>A count and its noun: <c>1 queue</c>, <c>2,000 queues</c>.</summary>
    /// <param name="many">The plural, if it is not the singular with an s.</param>
    public static string Counted(long count, string one, string? many = null) => $"{Count(count)} {(count == 1 ? one : many ?? one + "s")}";

    public static string Messages(long count) => Counted(count, "message");

    /// <summary><c>once</c>, <c>twice</c>, <c>57 times</c>.</summary>
    public static string Times(long count) => count switch
    {
        1 => "once",
        2 => "twice",
        _ => Counted(count, "time"),
    };

    /// <summary><c>number 5</c>, <c>numbers 5 to 8</c>.</summary>
    public static string Numbers(long first, long last) => first == last ? $"number {first}" : $"numbers {first} to {last}";

    /// <summary>A clause.</summary>
    public static string Waiting(long messages) => messages switch
    {
        0 => "nothing waits",
        1 => $"{Messages(messages)} waits",
        _ => $"{Messages(messages)} wait",
    };

    /// <summary>A size that could not be found out is negative.</summary>
    public static string Bytes(long bytes)
    {
        if (bytes < 0) return "unknown";
        var (size, unit) = ((double)bytes, 0);
        for (; size >= 1000 && unit < _sizes.Length - 1; unit++) size /= 1000;
        return string.Create(_culture, $"{size:0.#} {_sizes[unit]}");
    }

    public static string Rate(double perSecond) => perSecond switch
    {
        < 0.05 => "0/s",
        < 10 => string.Create(_culture, $"{perSecond:0.#}/s"),
        _ => $"{Count((long)perSecond)}/s",
    };

    /// <summary>A number as short as it can be written.</summary>
    public static string Number(double value) => value.ToString("0.##", _culture);

    /// <summary>
    /// The span in its two largest units: <c>20 ms</c>, <c>0.45 s</c>, <c>4.5 s</c>, <c>47 s</c>, <c>28 min</c>, <c>3 h 5 min</c>,
    /// <c>2 d 3 h</c>.
    /// </summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalMilliseconds: < 0.5 } => "0 s",
        { TotalMilliseconds: < 100 } => string.Create(_culture, $"{span.TotalMilliseconds:0} ms"),
        { TotalSeconds: < 1 } => $"{Number(span.TotalSeconds)} s",
        { TotalSeconds: < 10 } => string.Create(_culture, $"{span.TotalSeconds:0.#} s"),
        { TotalMinutes: < 2 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 2 } => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 2 } => Two((int)span.TotalHours, "h", span.Minutes, "min"),
        _ => Two((int)span.TotalDays, "d", span.Hours, "h"),
    };

    /// <summary>Empty for none.</summary>
    public static string Span(double? seconds) =>
        seconds is { } known ? Span(TimeSpan.FromSeconds(Math.Min(known, TimeSpan.MaxValue.TotalSeconds / 2))) : "";

    public static string Ago(DateTimeOffset at, DateTimeOffset now) =>
        now - at < TimeSpan.FromSeconds(1) ? "just now" : $"{Span(now - at)} ago";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", _culture);

    /// <summary>Empty for none.</summary>
    public static string Time(DateTimeOffset? at) => at is { } known ? Time(known) : "";

    /// <summary>The day alone, in UTC; empty for none.</summary>
    public static string Day(DateTimeOffset? at) => at is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd", _culture) : "";

    /// <summary>A time from another host's clock or from an application may be any number.</summary>
    public static string Time(long unixMs) => IsTime(unixMs) ? Time(DateTimeOffset.FromUnixTimeMilliseconds(unixMs)) : "out of range";

    /// <summary>To the millisecond, as programs read it; the number itself if it is no time.</summary>
    public static string Precise(long unixMs) => IsTime(unixMs)
        ? DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", _culture)
        : unixMs.ToString(_culture);

    /// <summary>A dash for none.</summary>
    public static string Age(DateTimeOffset? at, DateTimeOffset now) => at is { } known ? Span(now - known) : "–";

    public static string Age(long unixMs, DateTimeOffset now) =>
        IsTime(unixMs) ? Span(now - DateTimeOffset.FromUnixTimeMilliseconds(unixMs)) : "out of range";

    /// <summary>
    /// A clause as a sentence. A name that it opens with, such as a host's, keeps its letters.
    /// </summary>
    public static string Sentence(string clause)
    {
        if (clause.Length == 0) return "";
        var word = clause.AsSpan(0, clause.AsSpan().IndexOf(' ') is var end and >= 0 ? end : clause.Length);
        // The name of a process, too, is written as it is.
        var isName = word.TrimEnd(",;:").ContainsAny('.', ':', '@') || clause.AsSpan(word.Length).StartsWith(" (pid ");
        var first = isName ? clause[0] : char.ToUpperInvariant(clause[0]);
        return $"{first}{clause[1..]}{(clause[^1] is '.' or '!' or '?' ? "" : ".")}";
    }

    private static bool IsTime(long unixMs) => unixMs is >= -62_135_596_800_000 and < 253_402_300_800_000;

    private static string Two(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large} {largeUnit}" : $"{large} {largeUnit} {small} {smallUnit}";
}
