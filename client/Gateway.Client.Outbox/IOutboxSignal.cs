namespace Gateway.Client.Outbox;

/// <summary>
/// Tells a relay of rows that other processes have committed. Without one the relay looks each <see cref="OutboxOptions.PollInterval"/>.
/// </summary>
public interface IOutboxSignal
{
    /// <summary>
    /// Calls <see cref="GatewayOutbox.Wake"/> once as soon as it listens, and then whenever rows may have been committed, until it is
    /// cancelled. Called by the active relay alone. If it throws a fault of the database, it is called again after a wait.
    /// </summary>
    /// <param name="outbox">The outbox, with the name of its channel.</param>
    /// <param name="cancellationToken">Ends it.</param>
    Task ListenAsync(GatewayOutbox outbox, CancellationToken cancellationToken);
}
