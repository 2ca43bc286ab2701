namespace Gateway.Transport.Dialing;

/// <summary>The receiver of the frames on the socket of a link.</summary>
internal interface IReceived
{
    /// <summary>
    /// Untrusted frames, in the order of their arrival. Called by the sockets' thread; must not block. The receiver confirms each call with
    /// <see cref="LinkSockets.OnTaken"/>; too many unconfirmed ones stop the reading.
    /// </summary>
    void OnReceived(IReadOnlyList<byte[]> frames);
}
