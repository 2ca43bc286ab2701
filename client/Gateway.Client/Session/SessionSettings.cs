namespace Gateway.Client.Session;

/// <summary>The client options that a session uses.</summary>
internal sealed record SessionSettings(string ApplicationName, TimeSpan HeartbeatInterval, TimeSpan DeadAfter, string Token = "");
