using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Links.Receiving;

/// <summary>
/// Identifies the peer's run and store, compared with those seen before and those connected now, and judges what the peer may know of our
/// own runs.
/// </summary>
internal sealed partial class IncomingLink
{
    private long _helloUnixMs;
    private KnownRun? _knownOfPeer;

    /// <summary>
    /// The same run of the peer said hello here later than there, in whichever order the two arrived. A different, earlier run is caught by
    /// <see cref="Contradicts"/>.
    /// </summary>
    public bool IsLaterThan(IncomingLink other) => Peer is { } here && other.Peer is { } there
        && here.Incarnation == there.Incarnation && _helloUnixMs > other._helloUnixMs;

    /// <summary>
    /// This connection's peer and the other cannot both be genuine: they run on one store, or on copies of it, under two names; or the
    /// other is no later a run than this one. A later run of the same name may take over: a restarted process need not wait for its own
    /// former connection to die.
    /// </summary>
    public bool Contradicts(GatewayIdentity other) =>
        !IsClosed && Peer is { } here && here.StoreId == other.StoreId && here.Incarnation != other.Incarnation
        && (here.Name != other.Name || other.Run <= here.Run);

    /// <summary>Refuses this connection: one is already open that contradicts its hello.</summary>
    public void RefuseBeside(GatewayIdentity standing)
    {
        if (standing.Name != Peer!.Name) Close(RefusalCode.StoreTwice,
            $"the store {standing.StoreId:N} is connected as {standing.Name}, run {standing.Run}, incarnation {standing.Incarnation:N}");
        else Close(RefusalCode.Forked, $"run {standing.Run} of the store {standing.StoreId:N} is connected, as incarnation "
            + $"{standing.Incarnation:N}; this one says to be run {Peer.Run}");
    }

    /// <summary>A newer connection of the same peer replaces this one.</summary>
    public void Displace(GatewayIdentity by) =>
        Close(RefusalCode.Displaced, $"incarnation {by.Incarnation:N} of {by.Name} took this place");

    /// <summary>
    /// Records the peer's run, durable together with its first messages because commands execute in order, and not earlier: a run that
    /// finds that it does not belong to this history sends none, and must find the other run recorded whenever it returns.
    /// </summary>
    private void KeepRun()
    {
        var run = new KnownRun(Peer!.Run, Peer.Incarnation, Peer.Name);
        if (_knownOfPeer is { } known && (known with { Group = 0 }) == run) return;
        _knownOfPeer = run;
        store.Submit(new MarkCommand(MarkNames.OfStore(Peer.StoreId), run.ToNote(), done: null));
    }

    /// <param name="here">The state here of the store that the peer knows of.</param>
    private PastVerdict Judge(HistoryPoint? known, ReadHistoryCommand here)
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
