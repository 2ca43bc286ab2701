using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Tcp;

namespace Gateway.Management;

/// <summary>Implements the operators' API, <see cref="IManagement"/>, on the loop, with answers by callback. Owned by the loop.</summary>
internal sealed class ManagementCore : IListedQueues
{
    private readonly IReadOnlyDictionary<string, OutgoingLink> _links;
    private readonly LoopClock _clock;
    private readonly IStoreInput _store;
    private readonly EnqueueIntake _intake;
    private readonly AuditTrail _audit;
    private readonly Pauses _pauses;
    private readonly Operations _operations;
    private readonly StateReader _state;
    private readonly MessageStates _states;
    private readonly Receivers _receivers;
    private readonly FleetReader _fleet;
    private readonly FleetDesk _desk;
    private readonly bool _allowsDrills;
    private readonly ITcpStatus _tcp;
    private readonly QueueGates _gates;
    private readonly RouteReader _routes;

    public ManagementCore(
        GatewayIdentity self,
        IReadOnlyDictionary<string, OutgoingLink> links,
        LoopClock clock,
        IStoreInput store,
        EnqueueIntake intake,
        Inboxes inboxes,
        Destinations destinations,
        bool allowsDrills,
        INextStep next,
        IShellState shell,
        ITcpStatus tcp,
        IInletPauses inlets)
    {
        _tcp = tcp;
        _links = links;
        _clock = clock;
        _store = store;
        _intake = intake;
        _allowsDrills = allowsDrills;
        var gates = _gates = new QueueGates(links, inboxes);
        Events = new EventTail(clock, RunNumbers.BeginOf(self.Incarnation));
        _audit = new AuditTrail(store, Events);
        _pauses = new Pauses(links, gates, inlets, store);
        _operations = new Operations(clock, store, gates, destinations, _audit, next);
        var surveyor = new QueueSurveyor(store, this);
        _state = new StateReader(self, links, clock, store, surveyor, _pauses, _operations, intake, shell, tcp);
        _states = new MessageStates(links, inboxes, _pauses, clock);
        _receivers = new Receivers(inboxes, clock);
        _fleet = new FleetReader(links, clock, _state);
        _desk = new FleetDesk(_state, links, clock);
        _routes = new RouteReader(destinations, store);
    }

    /// <summary>The events of this run: changes of links, acts of operators.</summary>
    public EventTail Events { get; }

    /// <summary>This gateway's state, for the peers that ask for it.</summary>
    public ISummarySource Summaries => _desk;

    /// <summary>What peers may see of it.</summary>
    public FleetShare Share
    {
        get => _desk.Share;
        set => _desk.Share = value;
    }

    public IReadOnlyList<OperationStatus> Operations => _operations.All;

    public IReadOnlyList<AuditEntry> Audit => _audit.Entries;

    /// <summary>Restores the pauses kept by the store; called before links and inboxes start.</summary>
    public void Restore(IReadOnlyDictionary<string, string> marks) => _pauses.Restore(marks);

    /// <summary>Restores the pauses of a peer that another configuration has added, before its link starts.</summary>
    public void OnPeerAdded(string peer, IReadOnlyDictionary<string, string> marks)
    {
        _pauses.Restore(peer, marks);
        _operations.OnPeerAdded(peer);
    }

    /// <summary>Restores an audit entry kept by the store.</summary>
    public void Restore(StoredEvent kept) => _audit.Restore(kept);

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick => _receivers.NextTick < _fleet.NextTick ? _receivers.NextTick : _fleet.NextTick;

    public void Tick()
    {
        _receivers.Tick();
        _fleet.Tick();
    }

    /// <summary>A link has changed its state or cause.</summary>
    public void OnLinkChanged(string peer, LinkChange change) => AddEvent("link", peer, change);

    /// <summary>An inlet or an outlet has changed its state or cause, or a conversation of an inlet has ended.</summary>
    /// <param name="kind"><see cref="TcpFindings.Inlet"/> or <see cref="TcpFindings.Outlet"/>.</param>
    public void OnTcpChanged(string kind, string name, LinkChange change) => AddEvent(kind, name, change);

    /// <summary>The store answers nothing: the state is told as far as it is known without it.</summary>
    public void OnStoreStalls(DateTimeOffset since) => _state.OnStoreStalls(since);

    public void OnStoreAnswers() => _state.OnStoreAnswers();

    /// <inheritdoc/>
    bool IListedQueues.IsListed(QueueId queue) => _pauses.Of(queue) is not null || _operations.RunningOn(queue) is not null
        || (queue.Kind == QueueKind.Inbound && _tcp.Serves(queue.Name));

    /// <summary>The pause of a queue by an operator; null if there is none.</summary>
    public Pause? PauseOf(QueueId queue) => _pauses.Of(queue);

    public void ReadState(Action<GatewayState> answer) => _state.Read(answer);

    /// <param name="waits">The caller prefers answers of peers that come within a moment; otherwise it is answered at once.</param>
    public void ReadFleet(bool waits, Action<FleetGlance> answer) => _fleet.Read(waits, answer);

    public void ListQueues(QueueFilter filter, long after, int queuesMax, Action<QueuePage> answer) =>
        _state.List(filter, after, queuesMax, answer);

    public void ReadRoutes(Action<IReadOnlyList<RouteSummary>> answer) => _routes.Read(answer);

    public void ReadQueue(QueueId queue, Action<QueueSummary?> answer) => _state.Find(queue, answer);

    public void ReadLink(string peer, Action<LinkDetails?> answer) => ReadState(state =>
    {
        if (state.Links.FirstOrDefault(link => link.Status.Peer == peer) is not { } summary)
        {
            answer(null);
            return;
        }

        // The summary may be slightly old; what is said of a single link must agree with its history.
        summary = _state.AsOfNow(summary);
        var link = _links.GetValueOrDefault(peer);
        var history = link?.History.Changes ?? [];
        answer(new LinkDetails
        {
            Summary = summary,
            Candidates = LinkDiagnosis.Candidates(summary.Status, history, link?.SlowBytesPerSecond),
            Patterns = LinkPatterns.Find(history),
            InDoubt = link?.UnderWay.Doubts ?? [],
            History = [.. history],
            Now = _clock.Now,
            IsDrillAllowed = _allowsDrills,
            Queues = [.. state.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer)],
        });
    });

    /// <summary>Searches a limited piece of a queue, or of the dead letters.</summary>
    public void Browse(QueueId? queue, long after, BrowseFilter filter, MessageState? state, int entriesMax, Action<BrowsePage> answer) =>
        _store.Submit(new BrowseCommand(
        queue, after, filter, MessageStates.Widen(state, entriesMax), page =>
            answer(queue is { } id ? _states.Tell(id, page, state, entriesMax) : page)));

    public void Trace(QueueId? queue, long number, Action<MessageTrace?> answer) => _store.Submit(new ReadOneCommand(queue, number, found =>
    {
        if (found is { Found: null, DeadLetter: null }) answer(null);
        else answer(new MessageTrace(found.Found, found.DeadLetter, MessageWay.Of(
            queue, number, found.Found, found.DeadLetter, _clock.Now, LinkOf(queue), OutletOf(queue), IsWithConsumer(queue, number)),
            queue is { } id ? LinkOf(id)?.UnderWay.TimesSent(id, number) : null));
    }));

    /// <summary>Records any act of an operator.</summary>
    public void Record(Guid id, string who, string action, string about, long messages, string text) =>
        _audit.Add(new AuditEntry(id, _clock.Now, who, action, about, messages, text));

    /// <summary>The event that gives a reader its starting position: after a number, or now.</summary>
    public GatewayEvent BeginningOf(long? after) => new(after ?? Events.Last, _clock.Now, GatewayEvent.BeginningKind, "", "");

    /// <summary>Answers false if there is no such peer.</summary>
    public void PausePeer(string peer, string why, string who, Action<bool> answer)
    {
        if (!IsKnown(peer, answer)) return;
        _pauses.Pause(peer, new Pause(_clock.Now, who, why), () => answer(true));
        Write(who, "pause", peer, why);
    }

    public void ResumePeer(string peer, string who, Action<bool> answer)
    {
        if (!IsKnown(peer, answer)) return;
        _pauses.Resume(peer, () => answer(true));
        Write(who, "resume", peer, "");
    }

    /// <summary>Answers false if there is no such queue; that of an outlet is there before its first message.</summary>
    public void PauseQueue(QueueId queue, string why, string who, Action<bool> answer) => WithQueue(queue, answer, () =>
    {
        _pauses.Pause(queue, new Pause(_clock.Now, who, why), () => answer(true));
        Write(who, "pause", queue.ToString(), why);
    });

    /// <summary>Also resumes an empty queue that the store forgot while the order to pause it was on its way.</summary>
    public void ResumeQueue(QueueId queue, string who, Action<bool> answer) => WithQueue(queue, answer, () =>
    {
        _pauses.Resume(queue, () => answer(true));
        Write(who, "resume", queue.ToString(), "");
    });

    /// <summary>Answers false if there is no such inlet.</summary>
    public void PauseInlet(string inlet, string why, string who, Action<bool> answer)
    {
        if (!IsInlet(inlet, answer)) return;
        _pauses.PauseInlet(inlet, new Pause(_clock.Now, who, why), () => answer(true));
        Write(who, "pause", $"inlet {inlet}", why);
    }

    public void ResumeInlet(string inlet, string who, Action<bool> answer)
    {
        if (!IsInlet(inlet, answer)) return;
        _pauses.ResumeInlet(inlet, () => answer(true));
        Write(who, "resume", $"inlet {inlet}", "");
    }

    public void RetryPeer(string peer, string who, Action<bool> answer)
    {
        if (!IsKnown(peer, answer)) return;
        _links[peer].Retry();
        Write(who, "retry", peer, "");
        answer(true);
    }

    public void AcceptPeer(string peer, string who, Action<PeerAcceptance> answer)
    {
        var word = $"accepted by {who} at {_clock.Now:O}";
        if (!_links.TryGetValue(peer, out var link)) answer(PeerAcceptance.NoPeer);
        else if (!link.Accept(word, () => answer(PeerAcceptance.Accepted))) answer(PeerAcceptance.NothingToAccept);
        else Write(who, "accept", peer, link.Status.Evidence);
    }

    public DrillAnswer DrillPeer(string peer, DrillKind kind, TimeSpan stall, string who)
    {
        if (!_allowsDrills) return DrillAnswer.NotEnabled;
        if (!_links.TryGetValue(peer, out var link)) return DrillAnswer.NoPeer;
        if (!link.Drill(kind, stall)) return DrillAnswer.NotUp;
        Write(who, "drill", peer, DrillKinds.NameOf(kind));
        return DrillAnswer.Begun;
    }

    public void Start(OperationRequest request, string who, Action<(OperationStatus? Status, string Fault)> answer) =>
        _store.Submit(new FindQueueCommand(request.Queue, found =>
    {
        if (request.Queue is { } id && found.Queue is null) answer((null, $"there is no {id}"));
        else if (Begin(request, who, found, out var status) is { } fault) answer((null, fault));
        else answer((status, ""));
    }));

    public OperationStatus? FindOperation(Guid id) => _operations.Find(id);

    public void WhenEnded(Guid id, Action<OperationStatus?> ended) => _operations.WhenEnded(id, ended);

    public bool Cancel(Guid id, string who)
    {
        if (_operations.Find(id) is not { } found || !_operations.Cancel(id)) return false;
        Write(who, "cancel", found.Request.Queue?.ToString() ?? "dead letters", $"operation {id}");
        return true;
    }

    public void Enqueue(Request.Enqueue request, Action<Reply> answer) => _intake.Enqueue(request, answer);

    public void Receive(string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait, Action<Received> answer) =>
        _receivers.Receive(receiver, queue, messagesMax, lease, wait, answer);

    /// <summary>The receiver left before it was answered.</summary>
    public void EndReceive(Action<Received> answer) => _receivers.End(answer);

    public void Settle(string receiver, Request settle, Action<Reply> answer) => _receivers.Settle(receiver, settle, answer);

    private OutgoingLink? LinkOf(QueueId? queue) =>
        queue is { Kind: QueueKind.Outgoing } outgoing ? _links.GetValueOrDefault(outgoing.Peer) : null;

    private OutletStatus? OutletOf(QueueId? queue) => queue is { Kind: QueueKind.Inbound } inbound && _tcp.Serves(inbound.Name)
        && _tcp.Outlets.FirstOrDefault(outlet => outlet.Settings.Queue == inbound.Name) is { } status
            ? OutletSummary.Of(status, null, _pauses.Of(inbound)).Status : null;

    private bool IsWithConsumer(QueueId? queue, long number) =>
        queue is { Kind: QueueKind.Inbound } inbound && _gates.IsOut(inbound, number, includeInDoubt: true);

    private string? Begin(OperationRequest request, string who, FindQueueCommand found, out OperationStatus? status) =>
        found.Queue is not { } queue
        ? _operations.Start(request, who, found.DeadLetters, found.FirstDeadLetter, found.LastDeadLetter, out status)
        : _operations.Start(request, who, queue.Messages, queue.FirstNumber, queue.LastNumber, out status);

    private bool IsKnown(string peer, Action<bool> answer)
    {
        if (_links.ContainsKey(peer)) return true;
        answer(false);
        return false;
    }

    private bool IsInlet(string inlet, Action<bool> answer)
    {
        if (_tcp.Inlets.Any(one => one.Settings.Name == inlet)) return true;
        answer(false);
        return false;
    }

    private void WithQueue(QueueId queue, Action<bool> answer, Action act) => _store.Submit(new FindQueueCommand(queue, found =>
    {
        if (found.Queue is not null || _pauses.Of(queue) is not null || OutletOf(queue) is not null) act();
        else answer(false);
    }));

    private void AddEvent(string kind, string about, LinkChange change) =>
        Events.Add(kind, about, $"{char.ToLowerInvariant(change.Standing[0])}{change.Standing[1..]}: {change.Evidence}");

    private void Write(string who, string action, string about, string text) =>
        Record(Client.MessageId.New(_clock.Now).Value, who, action, about, 0, text);
}
