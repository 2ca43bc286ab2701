namespace Gateway.Cli.Demo.Ledger;

/// <summary>Why a message was redelivered: the outcome of the previous delivery.</summary>
internal enum RedeliveryReason
{
    /// <summary>The receiving gateway was killed while a consumer held the message.</summary>
    GatewayKilled,

    /// <summary>The consumer was killed while it held the message.</summary>
    ConsumerKilled,

    /// <summary>The consumer requested completion and got no confirmation, so the gateway was right to redeliver.</summary>
    CompletionInDoubt,

    /// <summary>The sending program got no answer, since its gateway was killed, and sent the message again as a new one.</summary>
    SentAgain,

    /// <summary>The completion had been confirmed to the consumer. Must never happen.</summary>
    AlreadyCompleted,

    /// <summary>The ledger holds no explanation. Must never happen.</summary>
    Unexplained,
}
