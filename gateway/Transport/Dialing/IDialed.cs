using Gateway.Links.Sending;

namespace Gateway.Transport.Dialing;

/// <summary>The receiver of a dialer's progress with one connection.</summary>
internal interface IDialed
{
    /// <summary>
    /// The addresses of the name, and the one that accepted the connection, if any. Called from any thread, at most once, just before the
    /// outcome of the attempt.
    /// </summary>
    void OnFound(PeerAddress address);

    /// <summary>The NetMQ socket is connected to the peer's. Called from any thread, at most once.</summary>
    /// <param name="wire">The byte counters of the connection.</param>
    void OnConnected(WireBytes wire);
}
