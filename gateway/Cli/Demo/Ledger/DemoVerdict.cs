namespace Gateway.Cli.Demo.Ledger;

/// <summary>The balance of a closed ledger. Numbers of messages unless stated otherwise.</summary>
internal sealed record DemoVerdict
{
    /// <summary>The messages that the producer was to send.</summary>
    public required long Expected { get; init; }

    public required long Accepted { get; init; }

    /// <summary>Distinct messages delivered to a consumer.</summary>
    public required long Delivered { get; init; }

    /// <summary>Completions confirmed to a consumer.</summary>
    public required long Completed { get; init; }

    /// <summary>Messages accepted but never delivered.</summary>
    public required long Lost { get; init; }

    /// <summary>Redeliveries by reason.</summary>
    public required IReadOnlyDictionary<RedeliveryReason, long> DeliveredAgain { get; init; }

    /// <summary>First deliveries that came after a higher sequence number.</summary>
    public required long OutOfOrder { get; init; }

    /// <summary>Deliveries with a body different from the one sent.</summary>
    public required long Corrupt { get; init; }

    public required IReadOnlyList<PeerReturn> Returns { get; init; }

    public long AlreadyCompleted => DeliveredAgain.GetValueOrDefault(RedeliveryReason.AlreadyCompleted);

    public long Unexplained => DeliveredAgain.GetValueOrDefault(RedeliveryReason.Unexplained);

    /// <summary>The promises held and the run finished.</summary>
    public bool Balanced =>
        Accepted == Expected && Delivered == Expected
            && Lost == 0 && AlreadyCompleted == 0 && Unexplained == 0 && OutOfOrder == 0 && Corrupt == 0;
}
