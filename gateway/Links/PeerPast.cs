using Gateway.Client.Wire;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Links;

/// <summary>
/// The last known point in the history of the peer's store, kept durably. Each side proves that the other's last knowledge of it lies in
/// its own past. Without this, numbers mean nothing, since after a copy or a restoration the same number stands for another message. Owned
/// by its link.
/// </summary>
/// <param name="own">This store's own history; the same for all links.</param>
internal sealed class PeerPast(string peerName, GatewayIdentity self, OwnPast own, IStoreInput store, LoopClock clock)
{
    /// <summary>The knowledge of the peer's history is recorded at this interval, besides at each end of a connection.</summary>
    private static readonly TimeSpan _keepEvery = TimeSpan.FromSeconds(1);

    private HistoryPoint? _kept;
    private TimeSpan _keptAt;
    private string _accepted = "";
    private KnownRun? _foreign;
    private KnownRun? _knownThere;

    /// <summary>The peer's store that a position has shown to be restored, although it knows its latest history.</summary>
    private Guid? _wentBack;

    public OwnPast Own => own;

    /// <summary>The last known point; null before the first welcome.</summary>
    public HistoryPoint? Known { get; private set; }

    /// <summary>An operator has accepted the peer's position, for the next connection.</summary>
    public bool IsAccepted => _accepted.Length > 0;

    /// <summary>On this connection the peer may be without messages that it had acknowledged.</summary>
    public bool ToleratesLoss { get; private set; }

    /// <summary>The time to record the knowledge of the peer's history; never if it is recorded.</summary>
    public TimeSpan NextKeep => Known == _kept ? TimeSpan.MaxValue : _keptAt + _keepEvery;

    /// <summary>A sentence that the peer lacks a point that it had reached.</summary>
    public string WentBack =>
        $"the peer's store was put back: it does not know its run {Known?.Run} ({Known?.Incarnation:N}) as far as that had come";

    /// <summary>
    /// Restores what the store has kept: the peer's history, an operator's acceptance that no connection has used yet, and the peer's
    /// knowledge of another history of this store.
    /// </summary>
    public void Restore(string? history, string? accepted, string? foreign)
    {
        _kept = Known = HistoryPoint.Parse(history);
        _accepted = accepted ?? "";
        _foreign = KnownRun.ParseWithGroup(foreign);
    }

    /// <summary>Accepts the peer's position, until the next connection, in any run.</summary>
    /// <param name="done">Called once that is durable.</param>
    public void Accept(string evidence, Action done)
    {
        _accepted = WireText.Cut(evidence, LinkStanding.EvidenceBytesMax);
        store.Submit(new MarkCommand(MarkNames.AcceptedPeer + peerName, _accepted, done));
    }

    /// <summary>The peer's knowledge of this store that never happened here, in words; null if there is none.</summary>
    public string? FindFork(LinkFrame.Welcome welcome)
    {
        _knownThere = welcome.Known;
        if (welcome.Known is not { } known || (_foreign != known && !own.IsForeign(known))) return null;
        KeepForeign(known);
        var run = $"run {known.Run} of this store as incarnation {known.Incarnation:N}, named {known.Name}";
        return $"the peer knows {run}, which had sent what was stored up to group {known.Group}: that never happened here";
    }

    /// <summary>The peer's messages show that they belong to another history, although the run that it knows does not.</summary>
    public void OnForked()
    {
        if (_knownThere is { } known) KeepForeign(known);
    }

    /// <summary>The peer's store was put back, and no operator has accepted that.</summary>
    public bool HasGoneBack(LinkFrame.Welcome welcome) =>
        !IsAccepted && (welcome.Past == PastVerdict.Foreign || _wentBack == welcome.From.StoreId);

    /// <summary>A position has shown that the peer's store was put back.</summary>
    public void OnWentBack(Guid? storeId) => _wentBack = storeId;

    /// <summary>Nothing that the peer's store had acknowledged is known to be lost there.</summary>
    public void OnNothingLost() => _wentBack = null;

    /// <summary>The histories' findings, beside the cause, when the link comes up; empty if there are none.</summary>
    public string Describe(LinkFrame.Welcome welcome)
    {
        var notes = new List<string>();
        if (IsAccepted) notes.Add($"goes on from where the peer stands, {_accepted}");
        else if (Known is { } known && known.StoreId != welcome.From.StoreId)
            notes.Add($"the peer has another store, {welcome.From.StoreId:N} in place of {known.StoreId:N}");
        if (welcome.Known is { } former && former.Name != self.Name) notes.Add($"the peer knew this store under the name {former.Name}");
        return string.Join("; ", notes);
    }

    /// <summary>From now on the peer's acknowledgements count for this history.</summary>
    public void Rely(LinkFrame.Welcome welcome)
    {
        ToleratesLoss = IsAccepted || Known?.StoreId != welcome.From.StoreId;
        if (IsAccepted)
        {
            store.Submit(new MarkCommand(MarkNames.AcceptedPeer + peerName, "", done: null));
            _wentBack = null;
        }

        _accepted = "";
        Known = new HistoryPoint(welcome.From.StoreId, welcome.From.Run, welcome.From.Incarnation, welcome.Group)
        { Of = self.StoreId, Batches = welcome.Batches };
        Keep();
    }

    /// <summary>The peer's store has reached at least this group.</summary>
    public void OnStoredThere(long group, long batches)
    {
        if (Known is null || (group <= Known.Group && batches <= Known.Batches)) return;
        Known = Known with { Group = Math.Max(group, Known.Group), Batches = Math.Max(batches, Known.Batches) };
        KeepWhenDue();
    }

    public void KeepWhenDue()
    {
        if (clock.Uptime >= NextKeep) Keep();
    }

    /// <summary>Recorded before the store drops acknowledged messages, since commands execute in order.</summary>
    public void Keep()
    {
        if (Known is null || Known == _kept) return;
        _kept = Known;
        _keptAt = clock.Uptime;
        store.Submit(new MarkCommand(MarkNames.KnownPeer + peerName, Known.ToNote(), done: null));
    }

    /// <summary>
    /// Records what belongs to another history. It stays so however far this history advances, also for later runs: a machine restored
    /// within a run may have caught up with the other by its next start.
    /// </summary>
    private void KeepForeign(KnownRun known)
    {
        if (_foreign == known) return;
        _foreign = known;
        store.Submit(new MarkCommand(MarkNames.ForeignToPeer + peerName, known.ToNoteWithGroup(), done: null));
    }
}
