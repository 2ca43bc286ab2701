namespace Gateway.Client;

/// <summary>The gateway that a client talks to.</summary>
/// <param name="Name">As its configuration calls it.</param>
/// <param name="IsReady">It takes messages now.</param>
/// <param name="Obstacle">Why it takes none, for people; empty when it is ready.</param>
public sealed record GatewayInfo(string Name, bool IsReady, string Obstacle);
