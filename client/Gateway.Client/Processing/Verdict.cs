namespace Gateway.Client.Processing;

/// <summary>What is to happen with a message whose handler has ended.</summary>
/// <param name="Outcome">What it is to become.</param>
/// <param name="Delay">When it comes again, if it is <see cref="ProcessOutcome.Retried"/>.</param>
/// <param name="Reason">Why it is <see cref="ProcessOutcome.Rejected"/>; empty otherwise.</param>
internal readonly record struct Verdict(ProcessOutcome Outcome, TimeSpan Delay = default, string Reason = "")
{
    /// <summary>Decides. Pure, but for the policy that it asks.</summary>
    /// <param name="failure">What the handler threw; null if it succeeded.</param>
    /// <param name="end">How the message stands at the end of its handler.</param>
    /// <param name="deliveries">The deliveries of the message, including this one.</param>
    /// <param name="policy">Decides on failures.</param>
    public static Verdict After(Exception? failure, HandlerEnd end, int deliveries, IRetryPolicy policy)
    {
        if (end == HandlerEnd.Settled)
            return new(ProcessOutcome.Settled);
        if (failure is null)
            return new(ProcessOutcome.Completed);
        if (end == HandlerEnd.Lost)
            return new(ProcessOutcome.Lost);
        if (end == HandlerEnd.Stopped && failure is OperationCanceledException)
            return new(ProcessOutcome.Released);
        if (failure is RejectMessageException)
            return new(ProcessOutcome.Rejected, Reason: failure.Message);
        return policy.DelayAfter(failure, deliveries) is { } delay
            ? new(ProcessOutcome.Retried, Delay: delay)
            : new(ProcessOutcome.Rejected, Reason: $"{failure.GetType().FullName}: {failure.Message}");
    }
}
