namespace Gateway.Store.Records;

/// <summary>The disk keeps the store from accepting messages, while draining continues.</summary>
/// <param name="Why">The missing resource, with its figures.</param>
internal sealed record DiskObstacle(DateTimeOffset Since, string Why);
