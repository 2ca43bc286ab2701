using Gateway.Client.Processing;

namespace Gateway.Client.Hosting;

/// <summary>
/// Handles the messages of a queue. A handler is taken from a scope of its own for each message, and several run at once.
/// </summary>
/// <typeparam name="TMessage">What a message is read as.</typeparam>
public interface IMessageHandler<in TMessage>
{
    /// <summary>
    /// Handles one message. On return the message is completed, unless it was settled here; an exception makes it come again after a delay,
    /// or makes it a dead letter. It may be called more than once with the same message, as after a crash.
    /// </summary>
    /// <param name="message">The message, as read.</param>
    /// <param name="args">The message with its id, headers and deliveries, and the calls that settle it.</param>
    /// <param name="cancellationToken">Cancelled when the handler should end early.</param>
    Task HandleAsync(TMessage message, ProcessMessageEventArgs args, CancellationToken cancellationToken);
}
