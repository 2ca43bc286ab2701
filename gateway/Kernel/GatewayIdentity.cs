namespace Gateway.Kernel;

/// <summary>One run of one gateway on one store.</summary>
/// <param name="Name">The gateway's configured name.</param>
/// <param name="StoreId">The identity of its store; sequence numbers mean something only within it.</param>
/// <param name="Incarnation">A fresh random id for each run of the process.</param>
/// <param name="StartedUnixMs">The start of this run by its own clock; only for people, since clocks may be set back.</param>
/// <param name="Run">The number of this run, counted by the store; the first is 1.</param>
internal sealed record GatewayIdentity(string Name, Guid StoreId, Guid Incarnation, long StartedUnixMs, long Run)
{
    /// <summary>
    /// True if this run ended before the other began: a store has one owner at a time and numbers its runs. False if that is unknown, as
    /// with different stores.
    /// </summary>
    public bool Precedes(GatewayIdentity other) => StoreId == other.StoreId && Run < other.Run;
}
