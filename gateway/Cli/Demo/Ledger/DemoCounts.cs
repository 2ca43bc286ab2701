namespace Gateway.Cli.Demo.Ledger;

/// <summary>The progress of a demo: distinct messages accepted and delivered, and completions confirmed.</summary>
internal sealed record DemoCounts(long Accepted, long Delivered, long Completed)
{
    public static DemoCounts None { get; } = new(0, 0, 0);
}
