using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;

namespace Gateway.Tests.Simulation;

/// <summary>The connections that one run of a gateway makes to one peer; and whether its link says the truth about them.</summary>
/// <param name="peer">Its label.</param>
internal sealed class SimulatedDialer(SimulatedGateway from, SimulatedNetwork network, string peer, SimulatedClock clock)
    : ILinkConnection
{
    private SimulatedConnection? _current;
    private SimulatedConnection? _ended;
    private LinkStatus? _seen;
    private int _peersRun;
    private bool _wasPaused;
    private int _peersHistories;

    public SimulatedGateway From => from;

    public SimulatedGateway Peer => network[peer];

    public OutgoingLink? Link { get; set; }

    /// <summary>The run of the gateway that dials.</summary>
    public int Run { get; } = from.Runs;

    /// <summary>The run of the peer with which the link was last up.</summary>
    public int PeersRun => _peersRun;

    /// <summary>The machine was put back to when it had this link; of the connection that it had then nobody else knows any more.</summary>
    public void GoOnWith(OutgoingLink link, int peersRun)
    {
        (Link, _seen, _peersRun, _peersHistories, _current) = (link, link.Status, peersRun, -1, null);
        if (link.Status.State is not (LinkState.Up or LinkState.Connecting)) return;
        _current = network.GoOn(this);
        if (link.Status.State == LinkState.Connecting) network.End(_current);
    }

    public bool IsCurrent(SimulatedConnection connection) => _current == connection;

    public void Dial(IDialedLink link)
    {
        HangUp();
        _current = network.Dial(this);
    }

    public bool TryDialNext(IDialedLink link) => false;

    public void HangUp()
    {
        if (_current is null) return;
        _current.DialerLeaves(dropsInFlight: network.LosesWhatIsInFlight());
        _ended = _current;
        _current = null;
    }

    public void Drill(DrillKind kind, TimeSpan duration) => throw new SimulationException("the simulated network makes its faults itself");

    public void Send(LinkFrame frame)
    {
        if (_current is { IsEstablished: true } connection) network.SendToAcceptor(connection, frame);
    }

    /// <summary>The link's cause must be true whenever it says one anew.</summary>
    public void CheckCause()
    {
        var (before, status) = (_seen, Link!.Status);
        var couldBePaused = _wasPaused || from.WasPaused(Peer.Name);
        _wasPaused = from.WasPaused(Peer.Name);
        if (from.IsPaused(Peer.Name) && status.State != LinkState.Paused)
            throw new SimulationException($"the link of {from.Name} to {Peer.Name} is {status.State}, although an operator has paused it");
        if (ReferenceEquals(before, status)) return;
        _seen = status;
        CheckHistory(before, status);
        // While it connects, and when it is up again, the link tells of its last end.
        var isOldNews = before?.Cause == status.Cause && status.State is LinkState.Connecting or LinkState.Up;
        if (!isOldNews)
        {
            if (!IsTrue(status, couldBePaused)) throw new SimulationException(
                $"the link of {from.Name} to {Peer.Name} is {status.State} and says {status.Cause} ({status.Evidence}), which is not so");
            network.Occurrences.Count($"cause: {status.Cause}");
        }

        if (status.State == LinkState.Up) _peersRun = _current!.AcceptorRun;
    }

    /// <summary>
    /// A peer's losses are reported, and stay so until an operator has accepted it, or something else was done to the peer's store.
    /// </summary>
    private void CheckHistory(LinkStatus? before, LinkStatus status)
    {
        var isAccepted = Says("goes on from where the peer stands", before, status);
        var hasAnotherStore = Says("the peer has another store", before, status);
        if (status.Cause == LinkCause.PeerWentBack || isAccepted || hasAnotherStore) from.SayLost(Peer);
        if (before?.Cause == LinkCause.PeerWentBack
            && status.State == LinkState.Up && !isAccepted && _current!.AcceptorHistories == _peersHistories)
            throw new SimulationException(
                $"the link of {from.Name} to {Peer.Name} is up, although the peer had gone back and nobody has accepted that");
        // An attempt that did not come to a welcome has learned nothing new, although the cause is said again.
        if (status is { Cause: LinkCause.PeerWentBack, State: LinkState.Down } && _ended is { Evidence.IsWelcomed: true } told)
            _peersHistories = told.AcceptorHistories;
    }

    /// <summary>
    /// The link says so now; or it said so when it came up just before, and had something else to say at once, as that this gateway's own
    /// store does not answer.
    /// </summary>
    private bool Says(string words, LinkStatus? before, LinkStatus status) =>
        status.Evidence.Contains(words, StringComparison.Ordinal)
            || (before?.State != LinkState.Up && status.State == LinkState.Up && Link!.History.Changes.Any(change =>
                change.At == status.Since && change.State == LinkState.Up && change.Evidence.Contains(words, StringComparison.Ordinal)));

    private bool IsTrue(LinkStatus status, bool couldBePaused) => status.Cause switch
    {
        LinkCause.None => status.State == LinkState.Up || _ended is null,
        LinkCause.PausedByOperator => couldBePaused,
        // Frames of a run that a machine has forgotten since may still come.
        LinkCause.PeerRestarted when Peer.HasDouble || Peer.WasSetBackLately || from.WasSetBackLately => true,
        LinkCause.PeerTwice when Peer.HasDouble => true,
        LinkCause.StoreForked or LinkCause.StoreTwice => from.HasTwoHistories,
        LinkCause.DuplicateName when from.HasTwin => false,
        LinkCause.HoldInDoubt => from.IsDisplaced,
        LinkCause.PeerWentBack or LinkCause.PeerTwice => Peer.HasTwoHistories,
        LinkCause.PeerRestarted => (status.State == LinkState.Up ? _current!.AcceptorRun : Peer.Runs) > Math.Max(1, _peersRun),
        LinkCause.LocalQuota => from.CanBeFull,
        LinkCause.LocalDisk => from.WasDiskShort || from.WaitsForStore,
        LinkCause.OwnPause => from.WasFrozen && _ended?.Evidence.Explains(LinkCause.HalfOpen, clock.Now) == true,
        _ => (status.State == LinkState.Up ? _current : _ended)?.Evidence.Explains(status.Cause, clock.Now) == true,
    };
}
