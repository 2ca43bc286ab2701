namespace Gateway.Transport.Accepting;

/// <summary>What is said on the accepted connections of one endpoint. The loop calls it, one event after the other.</summary>
internal interface IConversation
{
    /// <summary>A message has come, and has its turn.</summary>
    /// <param name="frames">Not trusted; none when a PACKED held something that is no whole message.</param>
    /// <returns>True when the other side has said who it is, and may be taken more from than a stranger.</returns>
    bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames);

    /// <summary>Nothing comes from the connection any more, and nothing goes to it.</summary>
    void OnLost(AcceptedConnection connection, AcceptedEnd end);
}
