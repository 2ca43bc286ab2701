using System.Globalization;

namespace Gateway.Cli.Demo;

/// <summary>Formats the times of a demo, in seconds.</summary>
internal static class DemoTime
{
    public static string Format(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds,6:0.00} s");
}
