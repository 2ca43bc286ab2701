using Gateway.Links.Protocol;

namespace Gateway.Links.Sending;

/// <summary>A link, as its dialed connection reports to it: on the loop, and after the connection was hung up no more.</summary>
internal interface IDialedLink
{
    /// <summary>The addresses found by the attempt to connect.</summary>
    void OnFound(PeerAddress address);

    /// <summary>The connection is made, and nothing was sent on it.</summary>
    void OnConnected();

    /// <summary>Bytes have arrived on the connection, whole frames or not.</summary>
    void OnBytes(long count);

    /// <summary>The next frame of the peer, in the sequence in which it sent them.</summary>
    void OnFrame(LinkFrame frame);

    /// <summary>The connection, or the attempt to make one, ended.</summary>
    void OnLost(LinkCause cause, string evidence);
}
