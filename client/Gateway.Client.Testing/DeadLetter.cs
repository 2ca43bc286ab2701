namespace Gateway.Client.Testing;

/// <summary>A message that is not delivered any more.</summary>
/// <param name="Queue">The queue that it was in.</param>
/// <param name="Reason">Why it is not delivered any more.</param>
/// <param name="Text">The reason for people; that of the consumer for a rejected message.</param>
/// <param name="Message">The message.</param>
public sealed record DeadLetter(string Queue, DeadLetterReason Reason, string Text, BrowsedMessage Message);
