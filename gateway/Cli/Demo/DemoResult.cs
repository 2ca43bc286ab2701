using Gateway.Cli.Demo.Ledger;

namespace Gateway.Cli.Demo;

/// <summary>The result of a demo.</summary>
internal sealed record DemoResult
{
    public required DemoVerdict Verdict { get; init; }

    /// <summary>All messages were sent, delivered and removed from the queues in time.</summary>
    public required bool Finished { get; init; }

    /// <summary>Messages left in the queues of both gateways; null if one did not answer.</summary>
    public required long? LeftInQueues { get; init; }

    /// <summary>The receiving application is a program with plain sockets, to which nothing is confirmed.</summary>
    public bool Tcp { get; init; }

    public required TimeSpan Took { get; init; }

    public bool Balanced => Finished && Verdict.Balanced;
}
