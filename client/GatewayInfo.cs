namespace Gateway.Client;

/// <summary>The gateway to which a client is connected.</summary>
/// <param name="Name">As its configuration calls it.</param>
/// <param name="IsReady">It takes messages now.</param>
/// <param name="Obstacle">Why it takes none, for people; empty when it is ready.</param>
public sealed record GatewayInfo(string Name, bool IsReady, string Obstacle);
