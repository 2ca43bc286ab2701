namespace Gateway.Store;

/// <summary>The disk keeps the store from taking messages, and lets it drain.</summary>
/// <param name="Why">What is missing, with its figures.</param>
internal sealed record DiskObstacle(DateTimeOffset Since, string Why);
