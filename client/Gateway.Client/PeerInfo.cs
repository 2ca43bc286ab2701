namespace Gateway.Client;

/// <summary>The state of the gateway's link to a peer.</summary>
/// <param name="Name">The peer.</param>
/// <param name="IsUp">True while messages flow to the peer; otherwise they wait in the gateway.</param>
/// <param name="Cause">
/// Why it is down, or was before it came up: a code of the gateway's closed list, such as <c>Refused</c>; empty if there is none.
/// </param>
/// <param name="Evidence">The gateway's observation, for people.</param>
public sealed record PeerInfo(string Name, bool IsUp, string Cause, string Evidence);
