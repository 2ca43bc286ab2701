using Gateway.Client.Wire;
using Gateway.Store;

namespace Gateway.Links;

/// <summary>
/// Whether the two sides' histories fit: each proves that what the other last knew of it lies in its own past. Numbers say nothing
/// otherwise, since after a copy or a restoration the same number stands for another message.
/// </summary>
internal sealed partial class OutgoingLink
{
    /// <summary>Ranges of numbers that the evidence lists.</summary>
    private const int RangesMax = 20;

    /// <summary>What the peer's history is known for is kept as often, beside each end of a connection.</summary>
    private static readonly TimeSpan _keepEvery = TimeSpan.FromSeconds(1);

    /// <summary>Only an operator can mend it, and each hello may displace a connection of the other branch.</summary>
    private static readonly TimeSpan _forkedRetry = TimeSpan.FromSeconds(30);

    private HistoryPoint? _known;
    private HistoryPoint? _kept;
    private TimeSpan _keptAt;
    private readonly List<string> _lost = [];
    private string _accepted = "";
    private KnownRun? _foreign;
    private KnownRun? _knownThere;

    /// <summary>A position has shown that this store of the peer was put back, although it knows how far it had come.</summary>
    private Guid? _wentBack;
    private bool _examines;
    private bool _toleratesLoss;

    /// <summary>This store's own history; the same for all links.</summary>
    public OwnPast Past { get; init; } = new();

    /// <summary>
    /// What the store keeps of the peer: its history, an operator's word that no connection has used yet, and what it knew of this store
    /// that is of another history. Before <see cref="Start"/>.
    /// </summary>
    public void RestoreKnown(string? history, string? accepted, string? foreign = null)
    {
        _kept = _known = HistoryPoint.Parse(history);
        _accepted = accepted ?? "";
        _foreign = KnownRun.ParseWithGroup(foreign);
    }

    /// <summary>
    /// An operator's word: goes on from where the peer stands, although it has lost what it acknowledged. It holds until the next
    /// connection, in whatever run. False when the link does not wait for it.
    /// </summary>
    /// <param name="evidence">Who and when.</param>
    /// <param name="done">Called when the word is durable.</param>
    public bool Accept(string evidence, Action done)
    {
        if (Status.Cause != LinkCause.PeerWentBack) return false;
        _accepted = WireText.Cut(evidence, EvidenceBytesMax);
        _submit(new MarkCommand(MarkNames.AcceptedPeer + PeerName, _accepted, done));
        Retry();
        return true;
    }

    /// <summary>
    /// Whether nothing may be sent to the peer as it stands; then the connection is given up, or used only to find out what is lost.
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
        if (names.Count > 0) _connection.Send(new LinkFrame.Ask(names));
        else OnExamined(new LinkFrame.Positions([]));
        return true;
    }

    /// <summary>
    /// What is of another history stays so, however far this one comes, and also for later runs: a machine that was put back within a run
    /// may have come as far as the other by the time of its next start.
    /// </summary>
    private void KeepForeign(KnownRun known)
    {
        if (_foreign == known) return;
        _foreign = known;
        _submit(new MarkCommand(MarkNames.ForeignToPeer + PeerName, known.ToNoteWithGroup(), done: null));
    }

    /// <summary>What the peer has shows that it is of another history, although the run that it knows does not.</summary>
    private void DropAsForked(string evidence)
    {
        if (_knownThere is { } known) KeepForeign(known);
        Drop(LinkCause.StoreForked, $"{evidence}: it came from another history of this store");
    }

    /// <summary>The peer has told where it stands, although it has gone back.</summary>
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

    /// <summary>A connection that ends while the peer is asked what it has lost has shown already that it has.</summary>
    private (LinkCause Cause, string Evidence) WhileExamined(LinkCause cause, string evidence) => !_examines || IsOfHistory(cause)
        ? (cause, evidence)
        : (LinkCause.PeerWentBack, $"{WentBack}; which messages it has lost it did not tell before the connection ended ({cause}: "
            + $"{evidence})");

    private static string LostOf(OutgoingQueue queue, long position) => $"{position + 1} to {queue.Acknowledged} of queue {queue.Name}";

    /// <summary>A new store, or one that was accepted as it stands, has lost what was acknowledged: it is written down.</summary>
    private void TellLost()
    {
        if (_lost.Count == 0) return;
        History.Add(new LinkChange(_clock.Now, Status.State, Status.Cause,
            WireText.Cut($"acknowledged and gone at the peer are the numbers {string.Join(", ", _lost)}", EvidenceBytesMax)));
        _lost.Clear();
    }

    /// <summary>What the histories tell beside the cause when the link comes up; empty if nothing.</summary>
    private string DescribePast(LinkFrame.Welcome welcome)
    {
        var notes = new List<string>();
        if (_accepted.Length > 0) notes.Add($"goes on from where the peer stands, {_accepted}");
        else if (_known is { } known && known.StoreId != welcome.From.StoreId)
            notes.Add($"the peer has another store, {welcome.From.StoreId:N} in place of {known.StoreId:N}");
        if (welcome.Known is { } former && former.Name != _self.Name) notes.Add($"the peer knew this store under the name {former.Name}");
        return string.Join("; ", notes);
    }

    /// <summary>From now on the peer's acknowledgements count as this history's.</summary>
    private void Rely(LinkFrame.Welcome welcome)
    {
        _toleratesLoss = _accepted.Length > 0 || _known?.StoreId != welcome.From.StoreId;
        if (_accepted.Length > 0)
        {
            _submit(new MarkCommand(MarkNames.AcceptedPeer + PeerName, "", done: null));
            _listed.Clear();
            _wentBack = null;
        }

        _accepted = "";
        _known = new HistoryPoint(welcome.From.StoreId, welcome.From.Run, welcome.From.Incarnation, welcome.Group) { Of = _self.StoreId };
        Keep();
    }

    /// <summary>The peer's store has come at least so far.</summary>
    private void OnGroup(long group)
    {
        if (_known is null || group <= _known.Group) return;
        _known = _known with { Group = group };
        KeepWhenDue();
    }

    /// <summary>When what is known of the peer's history is to be kept; never, if it is.</summary>
    private TimeSpan NextKeep => _known == _kept ? TimeSpan.MaxValue : _keptAt + _keepEvery;

    private void KeepWhenDue()
    {
        if (_clock.Uptime >= NextKeep) Keep();
    }

    /// <summary>Before the store drops what was acknowledged, since it executes in order.</summary>
    private void Keep()
    {
        if (_known is null || _known == _kept) return;
        _kept = _known;
        _keptAt = _clock.Uptime;
        _submit(new MarkCommand(MarkNames.KnownPeer + PeerName, _known.ToNote(), done: null));
    }

    /// <summary>Causes that stay until somebody acts, whatever else happens to the link meanwhile.</summary>
    private static bool IsOfHistory(LinkCause cause) => cause is LinkCause.StoreForked or LinkCause.StoreTwice or LinkCause.PeerWentBack;
}
