using System.Globalization;

namespace Gateway.Cli.Demo;

/// <summary>Times of a demo, in seconds, as they are shown.</summary>
internal static class DemoTime
{
    public static string Format(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds,6:0.00} s");
}
