namespace Gateway.Store.Holding;

/// <summary>What the engine knows of the holder of a store.</summary>
/// <param name="Epoch">Rises with each opening.</param>
/// <param name="Holder">Who opened it last, for people; empty if nobody has.</param>
/// <param name="Silence">The time since its last sign of life, by the clock of the engine.</param>
/// <param name="Closed">Why the store is not to be used, in a sentence; null if it is.</param>
internal readonly record struct HoldRow(long Epoch, string Holder, TimeSpan Silence, string? Closed);
