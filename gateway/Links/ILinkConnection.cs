namespace Gateway.Links;

/// <summary>What a link asks of the shell that owns the connections.</summary>
internal interface ILinkConnection
{
    /// <summary>Begins a new connection with a fresh socket. Ends in OnConnected or OnLost of the link, later.</summary>
    void Dial();

    /// <summary>Drops the connection, or the attempt, with all that is unsent; nothing more of it is reported.</summary>
    void HangUp();

    void Send(LinkFrame frame);

    /// <summary>Puts a fault into the connection, if there is one; what comes of it is reported as always.</summary>
    void Drill(DrillKind kind, TimeSpan duration);
}
