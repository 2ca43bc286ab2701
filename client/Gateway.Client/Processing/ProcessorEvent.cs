namespace Gateway.Client.Processing;

/// <summary>What the loop of a processor learns from other threads.</summary>
/// <param name="Message">The message; null for the mere request to look at the flags.</param>
/// <param name="IsSettled">True when the message was settled, false when its handler has ended.</param>
/// <param name="ComesAt">When the settled message comes again; null if it does not, or the queue's order does not depend on it.</param>
internal readonly record struct ProcessorEvent(ProcessedMessage? Message, bool IsSettled, TimeSpan? ComesAt = null);
