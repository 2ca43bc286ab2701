namespace Gateway.Inbox;

/// <summary>The end of one delivery of a message to a consumer.</summary>
internal enum Settlement
{
    /// <summary>The consumer is done with the message.</summary>
    Completed,

    /// <summary>
    /// The consumer could not process the message: it is redelivered, or becomes a dead letter after too many deliveries.
    /// </summary>
    Abandoned,

    /// <summary>The consumer rejected the message for good: it becomes a dead letter.</summary>
    Rejected,

    /// <summary>The consumer returned the message unprocessed.</summary>
    Released,

    /// <summary>The lease ran out, or the consumer's connection ended.</summary>
    LeaseLost,
}
