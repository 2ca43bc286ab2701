namespace Gateway.Cli.Demo;

/// <summary>What a closed ledger amounts to. Numbers of messages, except where said.</summary>
internal sealed record DemoVerdict
{
    /// <summary>What the producer set out to send.</summary>
    public required long Expected { get; init; }

    public required long Accepted { get; init; }

    /// <summary>Distinct messages that a consumer was given.</summary>
    public required long Delivered { get; init; }

    /// <summary>Completions that were confirmed to a consumer.</summary>
    public required long Completed { get; init; }

    /// <summary>Accepted, and never given to a consumer.</summary>
    public required long Lost { get; init; }

    /// <summary>Deliveries beyond a message's first, by reason.</summary>
    public required IReadOnlyDictionary<RedeliveryReason, long> DeliveredAgain { get; init; }

    /// <summary>First deliveries of a message after one with a higher sequence number.</summary>
    public required long OutOfOrder { get; init; }

    /// <summary>Deliveries whose body was not the one that was sent.</summary>
    public required long Corrupt { get; init; }

    public required IReadOnlyList<PeerReturn> Returns { get; init; }

    public long AlreadyCompleted => DeliveredAgain.GetValueOrDefault(RedeliveryReason.AlreadyCompleted);

    public long Unexplained => DeliveredAgain.GetValueOrDefault(RedeliveryReason.Unexplained);

    /// <summary>Whether the promises held and the run came to its end.</summary>
    public bool Balanced =>
        Accepted == Expected && Delivered == Expected
            && Lost == 0 && AlreadyCompleted == 0 && Unexplained == 0 && OutOfOrder == 0 && Corrupt == 0;
}
