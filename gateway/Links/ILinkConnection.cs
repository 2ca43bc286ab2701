namespace Gateway.Links;

/// <summary>The connections of a link, as provided by the shell that owns them. Called by the loop.</summary>
internal interface ILinkConnection
{
    /// <summary>Begins a new connection with a fresh socket. Ends later in OnConnected or OnLost of the link.</summary>
    void Dial();

    /// <summary>Drops the connection, or the attempt, with everything unsent; nothing more of it is reported.</summary>
    void HangUp();

    void Send(LinkFrame frame);

    /// <summary>Injects a fault into the connection, if there is one; its consequences are reported as usual.</summary>
    void Drill(DrillKind kind, TimeSpan duration);
}
