namespace Gateway.Kernel;

/// <summary>How one delivery of a message to a consumer ended.</summary>
internal enum Settlement
{
    /// <summary>The consumer is done with the message.</summary>
    Completed,

    /// <summary>The consumer could not do it; again later, or a dead letter after too many deliveries.</summary>
    Abandoned,

    /// <summary>The consumer wants it never again: a dead letter.</summary>
    Rejected,

    /// <summary>The consumer gave it back unseen.</summary>
    Released,

    /// <summary>The lease ran out, or the consumer's connection ended.</summary>
    LeaseLost,
}
