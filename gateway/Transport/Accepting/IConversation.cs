namespace Gateway.Transport.Accepting;

/// <summary>The handler of the messages on the accepted connections of one endpoint. The loop calls it, one event at a time.</summary>
internal interface IConversation
{
    /// <summary>Handles a message that has its turn.</summary>
    /// <param name="frames">Untrusted; empty if a PACKED held something other than a whole message.</param>
    /// <returns>True once the other side has identified itself and may use the full limits.</returns>
    bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames);

    /// <summary>The connection is lost: nothing more arrives, and nothing can be sent.</summary>
    void OnLost(AcceptedConnection connection, AcceptedEnd end);
}
