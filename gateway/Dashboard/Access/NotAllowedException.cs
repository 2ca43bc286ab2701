namespace Gateway.Dashboard.Access;

/// <summary>Somebody asked for what their token does not allow, or no longer allows.</summary>
internal sealed class NotAllowedException(string? name, DashboardRights right) : Exception(name is null
    ? "Sign in first: the token is missing, or was withdrawn."
    : $"The token '{name}' lacks the role '{right.ToString().ToLowerInvariant()}'. Sign in with one that has it.");
