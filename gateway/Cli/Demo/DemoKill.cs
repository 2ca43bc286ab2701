namespace Gateway.Cli.Demo;

/// <summary>A process is killed once so many messages were accepted, and started again after its absence.</summary>
internal sealed record DemoKill(long AfterAccepted, TimeSpan Absence);
