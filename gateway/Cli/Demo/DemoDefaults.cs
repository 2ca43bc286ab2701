using Gateway.Cli.Demo.Processes;

namespace Gateway.Cli.Demo;

/// <summary>The defaults and bounds of the demo's options.</summary>
internal static class DemoDefaults
{
    public const int Messages = 20_000;
    public const int MessagesMax = 2_000_000;
    public const int SizeBytes = 1_024;
    public const int SizeBytesMax = DemoFrames.BodyBytesMax;

    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(55);

    public static TimeSpan LimitMin { get; } = TimeSpan.FromSeconds(15);
}
