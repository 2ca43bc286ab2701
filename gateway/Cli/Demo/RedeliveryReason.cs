namespace Gateway.Cli.Demo;

/// <summary>Why a message was delivered again: what became of the delivery before it.</summary>
internal enum RedeliveryReason
{
    /// <summary>The receiving gateway was killed while a consumer held the message.</summary>
    GatewayKilled,

    /// <summary>The consumer was killed while it held the message.</summary>
    ConsumerKilled,

    /// <summary>
    /// The consumer asked for completion and got no confirmation, so it could not know, and the gateway was right to ask again.
    /// </summary>
    CompletionInDoubt,

    /// <summary>The completion had been confirmed to the consumer. This must never happen.</summary>
    AlreadyCompleted,

    /// <summary>Nothing in the ledger accounts for it. This must never happen either.</summary>
    Unexplained,
}
