namespace Gateway.Client.Testing;

/// <summary>Why a message is a dead letter.</summary>
public enum DeadLetterReason
{
    /// <summary>Its expiry passed before it was delivered.</summary>
    Expired,

    /// <summary>A consumer rejected it; the text is the consumer's.</summary>
    Rejected,

    /// <summary>It was delivered the maximum of times and never completed.</summary>
    TooManyDeliveries,
}
