namespace Gateway.Transport.Accepting;

/// <summary>The receiver of the messages of one accepted connection.</summary>
internal interface IArrivals
{
    /// <summary>
    /// Called by the task that reads the connection, in the order of the messages; must not block. The loop confirms the messages with
    /// <see cref="AcceptedConnection.OnTaken"/>; too many unconfirmed ones stop the reading.
    /// </summary>
    void OnArrived(ArrivedMessages arrived);
}
