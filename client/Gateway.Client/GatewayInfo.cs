namespace Gateway.Client;

/// <summary>The gateway to which a client is connected.</summary>
/// <param name="Name">The configured name.</param>
/// <param name="IsReady">True if it accepts messages now.</param>
/// <param name="Obstacle">Why it accepts no messages, for people; empty when it is ready.</param>
public sealed record GatewayInfo(string Name, bool IsReady, string Obstacle);
