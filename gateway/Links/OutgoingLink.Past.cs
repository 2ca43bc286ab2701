using Gateway.Client.Wire;
using Gateway.Store;

namespace Gateway.Links;

/// <summary>
/// Checks that the two sides' histories agree: each proves that the other's last knowledge of it lies in its own past. Without this,
/// numbers mean nothing, since after a copy or a restoration the same number stands for another message.
/// </summary>
internal sealed partial class OutgoingLink
{
    /// <summary>Ranges of numbers listed in the evidence.</summary>
    private const int RangesMax = 20;

    /// <summary>The knowledge of the peer's history is recorded at this interval, besides at each end of a connection.</summary>
    private static readonly TimeSpan _keepEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Only an operator can resolve a fork, and each hello may displace a connection of the other branch, so retries are rare.
    /// </summary>
    private static readonly TimeSpan _forkedRetry = TimeSpan.FromSeconds(30);

    private HistoryPoint? _known;
    private HistoryPoint? _kept;
    private TimeSpan _keptAt;
    private readonly List<string> _lost = [];
    private string _accepted = "";
    private KnownRun? _foreign;
    private KnownRun? _knownThere;

    /// <summary>The peer's store that a position has shown to be restored, although it knows its latest history.</summary>
    private Guid? _wentBack;
    private bool _examines;
    private bool _toleratesLoss;

    /// <summary>This store's own history; the same for all links.</summary>
    public OwnPast Past { get; init; } = new();

    /// <summary>
    /// Restores the peer's data kept by the store: its history, an operator's acceptance that no connection has used yet, the peer's
    /// knowledge of another history of this store, and whether the peer has dialed an earlier run. Called before <see cref="Start"/>.
    /// </summary>
    public void RestoreKnown(string? history, string? accepted, string? foreign = null, bool hasDialed = false)
    {
        _dialsUs = hasDialed;
        _kept = _known = HistoryPoint.Parse(history);
        _accepted = accepted ?? "";
        _foreign = KnownRun.ParseWithGroup(foreign);
    }

    /// <summary>
    /// Accepts, for an operator, the peer's current position, although it has lost messages it acknowledged. Valid until the next
    /// connection, in any run. False if the link does not wait for it.
    /// </summary>
    /// <param name="evidence">Who accepted it, and when.</param>
    /// <param name="done">Called once the acceptance is durable.</param>
    public bool Accept(string evidence, Action done)
    {
        if (Status.Cause != LinkCause.PeerWentBack) return false;
        _accepted = WireText.Cut(evidence, EvidenceBytesMax);
        _store.Submit(new MarkCommand(MarkNames.AcceptedPeer + PeerName, _accepted, done));
        Retry();
        return true;
    }

    /// <summary>
    /// Whether nothing may be sent to the peer as it stands; the connection is then given up, or used only to find out what is lost.
    /// </summary>
    private bool HasContradiction(LinkFrame.Welcome welcome)
    {
        _knownThere = welcome.Known;
        if (welcome.Known is { } known && (_foreign == known || Past.IsForeign(known)))
        {
            KeepForeign(known);
            var run = $"run {known.Run} of this store as incarnation {known.Incarnation:N}, named {known.Name}";
            Drop(LinkCause.StoreForked, $"the peer knows {run}, which had sent what was stored up to group {known.Group}: that never "
                + $"happened here");
            return true;
        }

        if (_accepted.Length > 0 || (welcome.Past != PastVerdict.Foreign && _wentBack != welcome.From.StoreId)) return false;
        var names = _queues.All.Where(queue => queue.Acknowledged > 0).Take(LinkCodec.AskQueuesMax).Select(queue => queue.Name).ToList();
        _examines = true;
        if (names.Count > 0) Send(new LinkFrame.Ask(names));
        else OnExamined(new LinkFrame.Positions([]));
        return true;
    }

    /// <summary>
    /// Records what belongs to another history. It stays so however far this history advances, also for later runs: a machine restored
    /// within a run may have caught up with the other by its next start.
    /// </summary>
    private void KeepForeign(KnownRun known)
    {
        if (_foreign == known) return;
        _foreign = known;
        _store.Submit(new MarkCommand(MarkNames.ForeignToPeer + PeerName, known.ToNoteWithGroup(), done: null));
    }

    /// <summary>The peer's messages show that they belong to another history, although the run that it knows does not.</summary>
    private void DropAsForked(string evidence)
    {
        if (_knownThere is { } known) KeepForeign(known);
        Drop(LinkCause.StoreForked, $"{evidence}: it came from another history of this store");
    }

    /// <summary>A restored peer has reported its positions.</summary>
    private void OnExamined(LinkFrame.Positions positions)
    {
        var lost = positions.Queues
            .Select(position => (Queue: _queues.Find(position.Queue), position.Number))
            .Where(position => position.Queue is not null && position.Number < position.Queue.Acknowledged).ToList();
        if (lost.Count == 0) _wentBack = null;
        var ranges = lost.Take(RangesMax).Select(position => LostOf(position.Queue!, position.Number));
        var what = lost.Count == 0
            ? "which messages it had acknowledged since then is not known here any more"
            : $"acknowledged and gone there are the numbers {string.Join(", ", ranges)}"
                + (lost.Count > RangesMax ? $" and those of {lost.Count - RangesMax} more queues" : "");
        Drop(LinkCause.PeerWentBack, $"{WentBack}; {what}");
        foreach (var position in lost.Take(RangesMax)) ListLost(position.Queue!, position.Number);
    }

    private string WentBack =>
        $"the peer's store was put back: it does not know its run {_known?.Run} ({_known?.Incarnation:N}) as far as that had come";

    /// <summary>A connection that ends while the peer is asked for its losses has already shown that there are some.</summary>
    private (LinkCause Cause, string Evidence) WhileExamined(LinkCause cause, string evidence) => !_examines || IsOfHistory(cause)
        ? (cause, evidence)
        : (LinkCause.PeerWentBack, $"{WentBack}; which messages it has lost it did not tell before the connection ended ({cause}: "
            + $"{evidence})");

    private static string LostOf(OutgoingQueue queue, long position) => $"{position + 1} to {queue.Acknowledged} of queue {queue.Name}";

    /// <summary>Records which acknowledged messages a new store, or one accepted as it stands, has lost.</summary>
    private void TellLost()
    {
        if (_lost.Count == 0) return;
        History.Add(new LinkChange(_clock.Now, Status.State, Status.Cause,
            WireText.Cut($"acknowledged and gone at the peer are the numbers {string.Join(", ", _lost)}", EvidenceBytesMax)));
        _lost.Clear();
    }

    /// <summary>The histories' findings, beside the cause, when the link comes up; empty if there are none.</summary>
    private string DescribePast(LinkFrame.Welcome welcome)
    {
        var notes = new List<string>();
        if (_accepted.Length > 0) notes.Add($"goes on from where the peer stands, {_accepted}");
        else if (_known is { } known && known.StoreId != welcome.From.StoreId)
            notes.Add($"the peer has another store, {welcome.From.StoreId:N} in place of {known.StoreId:N}");
        if (welcome.Known is { } former && former.Name != _self.Name) notes.Add($"the peer knew this store under the name {former.Name}");
        return string.Join("; ", notes);
    }

    /// <summary>From now on the peer's acknowledgements count for this history.</summary>
    private void Rely(LinkFrame.Welcome welcome)
    {
        _toleratesLoss = _accepted.Length > 0 || _known?.StoreId != welcome.From.StoreId;
        if (_accepted.Length > 0)
        {
            _store.Submit(new MarkCommand(MarkNames.AcceptedPeer + PeerName, "", done: null));
            _listed.Clear();
            _wentBack = null;
        }

        _accepted = "";
        _known = new HistoryPoint(welcome.From.StoreId, welcome.From.Run, welcome.From.Incarnation, welcome.Group)
        { Of = _self.StoreId, Batches = welcome.Batches };
        Keep();
    }

    /// <summary>The peer's store has reached at least this group.</summary>
    private void OnStoredThere(long group, long batches)
    {
        if (_known is null || (group <= _known.Group && batches <= _known.Batches)) return;
        _known = _known with { Group = Math.Max(group, _known.Group), Batches = Math.Max(batches, _known.Batches) };
        KeepWhenDue();
    }

    /// <summary>The time to record the knowledge of the peer's history; never if it is recorded.</summary>
    private TimeSpan NextKeep => _known == _kept ? TimeSpan.MaxValue : _keptAt + _keepEvery;

    private void KeepWhenDue()
    {
        if (_clock.Uptime >= NextKeep) Keep();
    }

    /// <summary>Recorded before the store drops acknowledged messages, since commands execute in order.</summary>
    private void Keep()
    {
        if (_known is null || _known == _kept) return;
        _kept = _known;
        _keptAt = _clock.Uptime;
        _store.Submit(new MarkCommand(MarkNames.KnownPeer + PeerName, _known.ToNote(), done: null));
    }

    /// <summary>Causes that persist until an operator acts, whatever else happens to the link.</summary>
    private static bool IsOfHistory(LinkCause cause) => cause is LinkCause.StoreForked or LinkCause.StoreTwice or LinkCause.PeerWentBack;
}
