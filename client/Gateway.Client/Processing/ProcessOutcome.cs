namespace Gateway.Client.Processing;

/// <summary>What became of a message that a processor received.</summary>
public enum ProcessOutcome
{
    /// <summary>The handler succeeded, and the message is removed for good.</summary>
    Completed,

    /// <summary>The handler settled the message itself.</summary>
    Settled,

    /// <summary>The handler failed, and the message comes again after a delay.</summary>
    Retried,

    /// <summary>The handler failed, and the message is a dead letter with the reason.</summary>
    Rejected,

    /// <summary>
    /// The processor stopped before the handler succeeded; the message comes again at once, and the delivery does not count.
    /// </summary>
    Released,

    /// <summary>
    /// The message was not held to the end: its lease ran out, or the connection to the gateway broke. It comes again, unless the gateway
    /// stored the decision in spite of that.
    /// </summary>
    Lost,
}
