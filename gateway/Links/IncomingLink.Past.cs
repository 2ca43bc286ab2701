using Gateway.Store;

namespace Gateway.Links;

/// <summary>
/// Which run of which store the peer is, among those that were here before and those that are connected now; and what it may know of ours.
/// </summary>
internal sealed partial class IncomingLink
{
    private long _helloUnixMs;
    private KnownRun? _knownOfPeer;

    /// <summary>
    /// The same run of the peer said hello here later than there, in whichever order that arrived. A former run is contradicted by a later
    /// one.
    /// </summary>
    public bool IsLaterThan(IncomingLink other) => Peer is { } here && other.Peer is { } there
        && here.Incarnation == there.Incarnation && _helloUnixMs > other._helloUnixMs;

    /// <summary>
    /// The peer of this connection and the other cannot both be what they say: they run on one store, or on copies of it, under two names;
    /// or the other is no later run than this one. A later run of the same name may take over: a restarted process need not wait for the
    /// death of its own former connection.
    /// </summary>
    public bool Contradicts(GatewayIdentity other) =>
        !IsClosed && Peer is { } here && here.StoreId == other.StoreId && here.Incarnation != other.Incarnation
        && (here.Name != other.Name || other.Run <= here.Run);

    /// <summary>A connection stands that contradicts this one's hello.</summary>
    public void RefuseBeside(GatewayIdentity standing)
    {
        if (standing.Name != Peer!.Name) Close(RefusalCode.StoreTwice,
            $"the store {standing.StoreId:N} is connected as {standing.Name}, run {standing.Run}, incarnation {standing.Incarnation:N}");
        else Close(RefusalCode.Forked, $"run {standing.Run} of the store {standing.StoreId:N} is connected, as incarnation "
            + $"{standing.Incarnation:N}; this one says to be run {Peer.Run}");
    }

    /// <summary>A newer connection of the same peer takes over.</summary>
    public void Displace(GatewayIdentity by) =>
        Close(RefusalCode.Displaced, $"incarnation {by.Incarnation:N} of {by.Name} took this place");

    /// <summary>
    /// Durable with the first messages of a run, in the order of the commands, and not before: a run that has seen that it does not belong
    /// to this history sends none, and must find the other one known whenever it comes again.
    /// </summary>
    private void KeepRun()
    {
        var run = new KnownRun(Peer!.Run, Peer.Incarnation, Peer.Name);
        if (_knownOfPeer is { } known && (known with { Group = 0 }) == run) return;
        _knownOfPeer = run;
        submit(new MarkCommand(MarkNames.OfStore(Peer.StoreId), run.ToNote(), done: null));
    }

    /// <param name="lastGroup">The last one with messages of the store of which the peer knows.</param>
    private PastVerdict Judge(HistoryPoint? known, long lastGroup)
    {
        if (known is null) return PastVerdict.Nothing;
        if (known.StoreId != self.StoreId) return PastVerdict.OtherStore;
        // A virtual machine that was put back goes on in the same run, and the messages of others may have brought it as far since then.
        if (known.Group > lastGroup) return PastVerdict.Foreign;
        return ShowRuns().Judge(known.Run, known.Incarnation, known.Group);
    }
}
