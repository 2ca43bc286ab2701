namespace Gateway.Client.Session;

/// <summary>What a session takes from the client's options.</summary>
internal sealed record SessionSettings(string ApplicationName, TimeSpan HeartbeatInterval, TimeSpan DeadAfter, string Token = "");
