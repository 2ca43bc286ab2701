namespace Gateway.Transport.Dialing;

/// <summary>The way to one of a peer's addresses.</summary>
/// <param name="Place">The address, as HOST:PORT; empty for the only one.</param>
/// <param name="Patient">Connects, as long as it may take.</param>
/// <param name="Quick">Gives up soon, so that another address gets its turn; null for the only one.</param>
internal sealed record PeerWay(string Place, Dialer Patient, Dialer? Quick);
