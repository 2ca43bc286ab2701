namespace Gateway.Cli.Demo;

/// <summary>How a demo came out.</summary>
internal sealed record DemoResult
{
    public required DemoVerdict Verdict { get; init; }

    /// <summary>Whether all was sent, delivered and gone from the queues in time.</summary>
    public required bool Finished { get; init; }

    /// <summary>Messages in the queues of both gateways at the end; null if one of them did not say.</summary>
    public required long? LeftInQueues { get; init; }

    public required TimeSpan Took { get; init; }

    public bool Balanced => Finished && Verdict.Balanced;
}
