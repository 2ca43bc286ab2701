using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Links.Receiving;

/// <summary>Judges what a peer may know of this store's own runs. Pure.</summary>
internal static class PastVerdicts
{
    /// <param name="self">This gateway.</param>
    /// <param name="past">The history of its store.</param>
    /// <param name="known">The peer's knowledge of it, from its hello.</param>
    /// <param name="here">The state here of the store that the peer knows of.</param>
    public static PastVerdict Of(GatewayIdentity self, OwnPast past, HistoryPoint? known, ReadHistoryCommand here)
    {
        if (known is null) return PastVerdict.Nothing;
        if (known.StoreId != self.StoreId) return PastVerdict.OtherStore;
        // A restored virtual machine continues in the same run, and messages from others may have brought it as far since then.
        if (known.Group > here.LastKnowable) return PastVerdict.Foreign;
        var runs = past.Runs;
        // Batches that were under way at that moment are stored once more, perhaps in a later group than the one that was acknowledged, or
        // in place of others: one that found no room the first time may find it now.
        if (!here.HasKnownBatches && runs.IsUnbrokenSince(known.Run)) return PastVerdict.Foreign;
        return runs.Judge(known.Run, known.Incarnation, known.Group);
    }
}
