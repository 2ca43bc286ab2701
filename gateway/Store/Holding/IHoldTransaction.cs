namespace Gateway.Store.Holding;

/// <summary>
/// One change of a held store, all or nothing. Throws the engine's exceptions. Disposed of without a commit, it has no effect.
/// </summary>
internal interface IHoldTransaction : IDisposable
{
    /// <summary>
    /// Lets the transaction fail unless the store's epoch is this one when it is committed. Called last: between the proof and the end of
    /// the transaction nothing is left to be sent that could hold up the next holder.
    /// </summary>
    void Prove(long epoch);

    /// <summary>On return all of it is durable, as far as the engine promises.</summary>
    void Commit();
}
