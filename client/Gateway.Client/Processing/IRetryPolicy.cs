namespace Gateway.Client.Processing;

/// <summary>Decides which failures of a handler are transient, and when the message is tried again.</summary>
public interface IRetryPolicy
{
    /// <summary>
    /// Returns when the message is to be delivered again, up to 366 days; null if it is to become a dead letter. Called by many handlers at
    /// once. Must not throw: an exception counts as null, and becomes the reason.
    /// </summary>
    /// <param name="failure">The exception of the handler.</param>
    /// <param name="deliveries">
    /// The number of deliveries of the message, including this one. The gateway keeps it, so it survives restarts of the application.
    /// </param>
    TimeSpan? DelayAfter(Exception failure, int deliveries);
}
