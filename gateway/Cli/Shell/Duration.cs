using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Gateway.Cli.Shell;

/// <summary>Times on the command line: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>, <c>7d</c>, or <c>hh:mm:ss</c>.</summary>
internal static class Duration
{
    public const string Forms = "such as 500ms, 30s, 5m, 2h, 7d or 00:00:30";

    private static readonly (string Suffix, TimeSpan Unit)[] _units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
        ("d", TimeSpan.FromDays(1)),
    ];

    /// <summary>Parses a duration that is not negative. A bare number is rejected because its unit is unknown.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        foreach (var (suffix, unit) in _units)
        {
            if (!text.EndsWith(suffix, StringComparison.Ordinal))
                continue;
            if (!double.TryParse(text[..^suffix.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                || number * unit.TotalDays > Longest.TotalDays)
                break;
            duration = number * unit;
            return true;
        }

        duration = default;
        return text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero;
    }

    /// <summary>Returns the value of an option or argument, or adds an error to it.</summary>
    public static TimeSpan Parse(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (!TryParse(text, out var duration))
            result.AddError($"'{text}' is not a time; give one {Forms}.");
        return duration;
    }

    /// <summary>The option that limits the wait for the gateway's answer.</summary>
    public static Option<TimeSpan> TimeoutOption(string name, TimeSpan usual) => new(name)
    {
        Description = $"How long to wait for the gateway's answer, {Forms}.",
        HelpName = "TIME",
        CustomParser = Parse,
        DefaultValueFactory = _ => usual,
    };

    /// <summary>A duration as it is typed, in the largest unit that leaves a whole number.</summary>
    public static string Text(TimeSpan duration)
    {
        var (suffix, unit) = _units.Last(unit => unit.Suffix == "ms" || (duration >= unit.Unit && duration.Ticks % unit.Unit.Ticks == 0));
        return string.Create(CultureInfo.InvariantCulture, $"{duration / unit:0.###}{suffix}");
    }

    private static TimeSpan Longest => TimeSpan.FromDays(36_500);
}
