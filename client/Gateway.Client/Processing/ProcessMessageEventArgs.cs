namespace Gateway.Client.Processing;

/// <summary>
/// A message for a handler. If the handler returns without having settled it, the processor completes it
/// (<see cref="GatewayProcessorOptions.AutoComplete"/>).
/// </summary>
/// <param name="message">The message, held under a lease that is renewed while the handler runs.</param>
/// <param name="cancellationToken">Ends the handler early.</param>
public sealed class ProcessMessageEventArgs(ReceivedMessage message, CancellationToken cancellationToken) : EventArgs
{
    /// <summary>The message, held under a lease that is renewed while the handler runs.</summary>
    public ReceivedMessage Message { get; } = message;

    /// <summary>
    /// Cancelled when the handler should end: the message is no longer held, so that another consumer gets it; the handler has run for
    /// longer than <see cref="GatewayProcessorOptions.LeaseRenewalMax"/>; or the processor stops and does not wait any longer.
    /// </summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Removes the message for good: <see cref="ReceivedMessage.CompleteAsync"/>.</summary>
    public Task CompleteMessageAsync(ReceivedMessage message, CancellationToken cancellationToken = default) =>
        Own(message).CompleteAsync(cancellationToken).AsTask();

    /// <summary>Returns the message to the queue after the delay: <see cref="ReceivedMessage.AbandonAsync"/>.</summary>
    public Task AbandonMessageAsync(ReceivedMessage message, TimeSpan delay = default, CancellationToken cancellationToken = default) =>
        Own(message).AbandonAsync(delay, cancellationToken).AsTask();

    /// <summary>Makes the message a dead letter with the reason: <see cref="ReceivedMessage.RejectAsync"/>.</summary>
    public Task RejectMessageAsync(ReceivedMessage message, string reason, CancellationToken cancellationToken = default) =>
        Own(message).RejectAsync(reason, cancellationToken).AsTask();

    private ReceivedMessage Own(ReceivedMessage message) => ReferenceEquals(message, Message)
        ? message
        : throw new ArgumentException("The message is not the one that this handler was given.", nameof(message));
}
