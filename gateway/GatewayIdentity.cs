namespace Gateway;

/// <summary>One run of one gateway on one store.</summary>
/// <param name="Name">The gateway's configured name.</param>
/// <param name="StoreId">The identity of its store; sequence numbers mean something only within it.</param>
/// <param name="Incarnation">A fresh random id for each run of the process.</param>
/// <param name="StartedUnixMs">When this run began, by its own clock.</param>
internal sealed record GatewayIdentity(string Name, Guid StoreId, Guid Incarnation, long StartedUnixMs);
