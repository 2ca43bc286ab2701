namespace Gateway.Dashboard.Access;

/// <summary>The user's token does not, or no longer, grant the required right.</summary>
internal sealed class NotAllowedException(string? name, DashboardRights right) : Exception(name is null
    ? "Sign in first: the token is missing, or was withdrawn."
    : $"The token '{name}' lacks the role '{right.ToString().ToLowerInvariant()}'. Sign in with one that has it.");
