using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Links.Receiving;

/// <summary>
/// The run of the peer that said hello on a connection: compared with the runs that are connected, and recorded once it brings messages.
/// Owned by its link.
/// </summary>
/// <param name="helloUnixMs">The time in its hello, by its own clock.</param>
internal sealed class IncomingRun(GatewayIdentity peer, long helloUnixMs, IStoreInput store)
{
    private const string WhoDoes = ", as a copy of the store does, and a process from which another one has taken it over";

    private KnownRun? _known;

    public GatewayIdentity Peer => peer;

    /// <summary>
    /// The same run of the peer said hello here later than there, in whichever order the two arrived. A different, earlier run is caught by
    /// <see cref="Contradicts"/>.
    /// </summary>
    public bool IsLaterThan(IncomingRun there) => peer.Incarnation == there.Peer.Incarnation && helloUnixMs > there.HelloUnixMs;

    /// <summary>
    /// This run and the other cannot both be genuine: they run on one store, or on copies of it, under two names; or the other is no later
    /// a run than this one. A later run of the same name may take over: a restarted process need not wait for its own former connection to
    /// die.
    /// </summary>
    public bool Contradicts(GatewayIdentity other) =>
        peer.StoreId == other.StoreId && peer.Incarnation != other.Incarnation
        && (peer.Name != other.Name || other.Run <= peer.Run);

    /// <summary>The refusal of this run beside a connected one that contradicts it.</summary>
    public (RefusalCode Code, string Text) RefusalBeside(GatewayIdentity standing) => standing.Name != peer.Name
        ? (RefusalCode.StoreTwice,
            $"the store {standing.StoreId:N} is connected as {standing.Name}, run {standing.Run}, incarnation {standing.Incarnation:N}")
        : (RefusalCode.Forked, $"run {standing.Run} of the store {standing.StoreId:N} is connected, as incarnation "
            + $"{standing.Incarnation:N}; this one says to be run {peer.Run}{WhoDoes}");

    /// <summary>The refusal of this run because another with the same or a later number was here before; null if there was none.</summary>
    /// <param name="last">The last run of the peer's store that was recorded here.</param>
    public string? Recognise(KnownRun? last)
    {
        _known = last;
        return last is { } known && peer.Run <= known.Run && peer.Incarnation != known.Incarnation
            ? $"run {known.Run} of the store {peer.StoreId:N} was here, as incarnation {known.Incarnation:N}, "
                + $"named {known.Name}; this one says to be run {peer.Run}{WhoDoes}"
            : null;
    }

    /// <summary>
    /// Records the run, durable together with its first messages because commands execute in order, and not earlier: a run that finds that
    /// it does not belong to this history sends none, and must find the other run recorded whenever it returns.
    /// </summary>
    public void Keep()
    {
        var run = new KnownRun(peer.Run, peer.Incarnation, peer.Name);
        if (_known is { } known && (known with { Group = 0 }) == run) return;
        _known = run;
        store.Submit(new MarkCommand(MarkNames.OfStore(peer.StoreId), run.ToNote(), done: null));
    }

    private long HelloUnixMs => helloUnixMs;
}
