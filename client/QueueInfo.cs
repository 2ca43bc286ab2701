namespace Gateway.Client;

/// <summary>The contents of one queue of the gateway.</summary>
/// <param name="Messages">How many: not completed by a consumer, or not acknowledged by the peer.</param>
/// <param name="Bytes">Of their headers and bodies, as the gateway stores them.</param>
/// <param name="Peer">How the link to the peer is to which the queue leads; null for a local queue.</param>
public sealed record QueueInfo(long Messages, long Bytes, PeerInfo? Peer);
