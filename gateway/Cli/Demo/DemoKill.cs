namespace Gateway.Cli.Demo;

/// <summary>Kills a process once the given number of messages was accepted, and restarts it after its absence.</summary>
internal sealed record DemoKill(long AfterAccepted, TimeSpan Absence);
