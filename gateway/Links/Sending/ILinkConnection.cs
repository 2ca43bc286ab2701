using Gateway.Links.Protocol;

namespace Gateway.Links.Sending;

/// <summary>The connections of a link, as provided by the shell that owns them. Called by the loop.</summary>
internal interface ILinkConnection : ILinkOutput
{
    /// <summary>
    /// Begins a new connection with a fresh socket, in place of the former one. It reports to the link, later and on the loop, and ends in
    /// <see cref="IDialedLink.OnConnected"/> or <see cref="IDialedLink.OnLost"/>.
    /// </summary>
    void Dial(IDialedLink link);

    /// <summary>
    /// Goes on to the next of the peer's addresses, as <see cref="Dial"/> does, in place of a connection to a process that stands by.
    /// </summary>
    /// <returns>False if each was tried since then; the connection is left as it is.</returns>
    bool TryDialNext(IDialedLink link);

    /// <summary>Drops the connection, or the attempt, with everything unsent; nothing more of it is reported.</summary>
    void HangUp();

    /// <summary>Injects a fault into the connection, if there is one; its consequences are reported as usual.</summary>
    void Drill(DrillKind kind, TimeSpan duration);
}
