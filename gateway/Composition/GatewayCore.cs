using System.Globalization;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Pairing;
using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Links.Sending;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;
using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Gateway.Tcp.Outlets;
using Gateway.Telemetry;
using Microsoft.Extensions.Logging;

namespace Gateway.Composition;

/// <summary>
/// All state machines of one gateway, wired in the order a message passes them: intake, store, links, inbox. Events go in, with the time in
/// the clock; frames and store commands come out. No socket, task or lock inside; the loop owns it.
/// </summary>
internal sealed class GatewayCore : INextStep, IFullTargets, ILinkChanges, ITcpStatus, IInletPauses, ITargetStanding
{
    private static readonly TimeSpan _expireEvery = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _noteRunningEvery = TimeSpan.FromMinutes(10);

    private readonly LoopClock _clock;
    private readonly WatchedStore _store;
    private readonly ITelemetry _telemetry;
    private readonly EnqueueIntake _intake;
    private readonly ClientSessions _sessions;
    private readonly Inboxes _inboxes;
    private readonly PeerLinks _links;
    private readonly PeerProbes _probes;
    private readonly OutgoingLinks _outgoing;
    private readonly OwnPast _past = new();
    private readonly InletBook _inlets;
    private readonly OutletBook _outlets;
    private readonly TcpSettings _tcpAtStart;
    private TimeSpan _nextExpiry;
    private long _nothingExpiresBeforeMs;

    /// <summary>The looks that found nothing to expire since the store last did anything else.</summary>
    private int _looksInVain;
    private TimeSpan _nextRunningNote = _noteRunningEvery;
    private bool _isExpiring;
    private bool _isStarted;

    /// <param name="store">Executed commands return later, to <see cref="OnExecuted"/>.</param>
    /// <param name="connections">The connection to each peer, by name.</param>
    /// <param name="wayBack">Dials a peer that asks for it.</param>
    /// <param name="targets">Connects outlets to their targets.</param>
    /// <param name="doors">Listens for the programs of inlets.</param>
    public GatewayCore(
        GatewayIdentity self,
        GatewaySettings settings,
        LoopClock clock,
        IStoreInput store,
        IReadOnlyDictionary<string, ILinkConnection> connections,
        IWayBack wayBack,
        ITargetDialer targets,
        IInletDoors doors,
        IShellState shell,
        Random random,
        ITelemetry telemetry,
        ILoggerFactory loggers)
    {
        _clock = clock;
        store = _store = new WatchedStore(store, clock, settings.Links);
        _telemetry = telemetry;
        _inboxes = new Inboxes(settings.Inbox, settings.Intake.Limits, clock, store, telemetry) { Incarnation = self.Incarnation };
        var destinations = new Destinations(self.Name, settings.Peers, settings.Routes, this);
        _intake = new EnqueueIntake(self.Name, destinations, settings.Intake, clock, store, this, this, telemetry);
        _outgoing = new OutgoingLinks((peer, connection) => new OutgoingLink(
            peer, settings.Links, self, clock, store, connection, new LinkHistory(peer, this), _past, telemetry, random,
            loggers.CreateLogger<OutgoingLink>()));
        foreach (var peer in settings.Peers) _outgoing.Add(peer, connections[peer]);
        Management = new ManagementCore(
            self, Outgoing, clock, store, _intake, _inboxes, destinations, settings.Links.DrillEnabled, this, shell, this, this)
        { Share = settings.Share };
        var inspection = new Inspection(Outgoing, Management, store);
        _sessions = new ClientSessions(settings.Intake, self, _intake, _inboxes, inspection, clock, loggers.CreateLogger<ClientSessions>());
        Invitations = new Invitations(self.Name, clock, loggers.CreateLogger<Invitations>());
        _links = new PeerLinks(
            Outgoing, settings.Links, self, clock, store, this, _past, telemetry, loggers.CreateLogger<IncomingLink>())
        { Summaries = Management.Summaries, Invitations = Invitations };
        _probes = new PeerProbes(self, Outgoing, _links, clock, wayBack, loggers.CreateLogger<PeerProbes>());
        _tcpAtStart = settings.Tcp;
        _outlets = new OutletBook(new OutletParts(self.Name, clock, random, _inboxes, _intake, targets,
            new TcpChanges(TcpChanges.Outlet, store, Management), loggers.CreateLogger<OutletLog>()));
        _inlets = new InletBook(new InletParts(
            self, _intake, _inboxes, store, settings.Intake.Limits, clock, doors, new TcpChanges(TcpChanges.Inlet, store, Management),
            loggers.CreateLogger<Inlet>()));
        Tcp = new TcpCore(_inlets, _outlets);
        Live = new Reconfiguration(_outgoing, _links, destinations, _intake, _sessions, _inboxes, Management, Tcp, _store);
    }

    /// <summary>The dialing side of each link, by peer name; the connections report to them.</summary>
    public IReadOnlyDictionary<string, OutgoingLink> Outgoing => _outgoing.ByPeer;

    /// <summary>The operators' API.</summary>
    public ManagementCore Management { get; }

    /// <summary>Gateways that are invited to become peers.</summary>
    public Invitations Invitations { get; }

    /// <summary>The inlets and outlets for programs that know nothing of the gateway.</summary>
    public TcpCore Tcp { get; }

    /// <summary>Takes another configuration while everything runs.</summary>
    public Reconfiguration Live { get; }

    /// <summary>Every enqueue request is answered, and nothing sent to a peer or a target is unacknowledged.</summary>
    public bool IsDrained => _intake.IsIdle && _links.IsDrained && Tcp.IsDrained;

    /// <summary>
    /// Asks the store for its contents. <paramref name="started"/> is called once applications and peers may connect; after that comes
    /// <see cref="Connect"/>.
    /// </summary>
    public void Start(Action started)
    {
        _store.Submit(new ReadEventsCommand(Restore));
        _store.Submit(new DescribeCommand(found => Start(found, started)));
    }

    /// <summary>
    /// Begins to connect to the peers. Called only once they can connect too: a peer that is dialed dials back at once, and if it fails it
    /// waits for up to a second.
    /// </summary>
    public void Connect()
    {
        _isStarted = true;
        _links.Start();
        Tcp.Use(_tcpAtStart);
    }

    public CallerStanding OnClientFrames(string connection, IReadOnlyList<byte[]> frames, IReplies replies) =>
        _sessions.OnFrames(connection, frames, replies);

    public void OnClientLost(string connection) => _sessions.OnLost(connection);

    /// <param name="authorised">The peers that the connection may speak for; null without TLS.</param>
    /// <returns>True once the peer has said hello, or has begun a probe, and was accepted.</returns>
    public bool OnPeerFrame(string connection, byte[] frame, AuthorisedNames? authorised, IProbeOutput output) =>
        _probes.Takes(connection, frame)
            ? _probes.OnFrame(connection, frame, authorised, output) : _links.OnIncoming(connection, frame, authorised, output);

    /// <summary>Bytes have arrived on an accepted connection of a peer, whole frames or not.</summary>
    public void OnPeerBytes(string connection) => _links.OnIncomingBytes(connection);

    public void OnPeerLost(string connection, LinkCause cause, string evidence)
    {
        _probes.OnLost(connection);
        _links.OnIncomingLost(connection, cause, evidence);
    }

    /// <summary>
    /// Completes commands that the store has executed, in order; their effects are durable. Takes as many as fit into one turn; the rest
    /// follows in the next.
    /// </summary>
    public void OnExecuted(IEnumerable<StoreCommand> commands)
    {
        foreach (var command in commands)
        {
            if (command is not ExpireCommand { IsLook: true }) _looksInVain = 0;
            if (_store.OnAnswered(command)) OnStoreAnswers();
            command.Complete();
        }

        _links.SendStored();
        _links.FlushAcks();
    }

    /// <summary>
    /// The time of the next scheduled tick, as <see cref="LoopClock.Uptime"/>. Accurate to a second only: work due by the wall clock is not
    /// included.
    /// </summary>
    public TimeSpan NextTick => !_isStarted || _clock.IsAhead
        ? _clock.Uptime
        : Earliest(Earliest(Earliest(_links.NextTick, _inboxes.NextTick), Earliest(Management.NextTick, NextExpiry)),
            Earliest(Earliest(Earliest(_sessions.NextTick, _probes.NextTick), Tcp.NextTick), Earliest(Invitations.NextTick, _store.Due)));

    public void Tick()
    {
        // Before the store has reported its contents, a link would take any position of its peer for a sign of a lost disk.
        if (!_isStarted) return;
        if (_clock.IsAhead && !_isExpiring) _clock.GoBack();
        if (_store.IsFound()) OnStoreStalls();
        _links.Tick();
        _probes.Tick();
        _inboxes.Tick();
        _sessions.Tick();
        Management.Tick();
        Invitations.Tick();
        Tcp.Tick();
        if (_clock.Uptime >= NextExpiry) Expire(DueQueues.None);
        if (_clock.Uptime >= _nextRunningNote) NoteRunning();
    }

    /// <summary>
    /// <see cref="TimeSpan.MaxValue"/> while the store is idle and holds nothing that has expired. Two looks must have found that: the
    /// second reports the queues that the commands just before the first have emptied and the store has forgotten.
    /// </summary>
    private TimeSpan NextExpiry =>
        _isExpiring || (_looksInVain >= 2 && _clock.NowUnixMs < _nothingExpiresBeforeMs) ? TimeSpan.MaxValue : _nextExpiry;

    private static TimeSpan Earliest(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>
    /// Accepts nothing more from applications. Accepted messages are still delivered, until <see cref="IsDrained"/> or until the caller's
    /// time is over.
    /// </summary>
    public void CloseIntake()
    {
        if (_isStarted && !_intake.IsClosed) NoteRunning();
        _intake.IsClosed = true;
        Tcp.Close();
    }

    public void SayGoodbye()
    {
        _sessions.SayGoodbye();
        Tcp.SayGoodbye();
        _links.SayGoodbye();
    }

    private void Start(DescribeCommand found, Action started)
    {
        _ = long.TryParse(found.Marks.GetValueOrDefault(MarkNames.RunningMs), CultureInfo.InvariantCulture, out var noted);
        _intake.RanBeforeMs = Math.Max(noted, found.LastAcceptedMs);
        _past.Runs = RunList.Parse(found.Marks.GetValueOrDefault(MarkNames.Runs));
        _links.Restore(found.Marks);
        foreach (var queue in found.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing))
        {
            _links.AddKnownQueue(queue.Id, queue.LastNumber, found.Marks.GetValueOrDefault(MarkNames.SentUpTo + queue.Id.Name),
                queue.DeliveredUpTo);
        }

        Management.Restore(found.Marks);
        Tcp.Restore(found.Marks);
        started();
    }

    /// <inheritdoc/>
    IReadOnlyList<InletStatus> ITcpStatus.Inlets => Tcp.Inlets;

    /// <inheritdoc/>
    IReadOnlyList<OutletStatus> ITcpStatus.Outlets => Tcp.Outlets;

    /// <inheritdoc/>
    bool ITcpStatus.Serves(string queue) => Tcp.Serves(queue);

    /// <inheritdoc/>
    void IInletPauses.PauseInlet(string name) => _inlets.Pause(name);

    /// <inheritdoc/>
    void IInletPauses.ResumeInlet(string name) => _inlets.Resume(name);

    /// <inheritdoc/>
    void INextStep.OnStored(IReadOnlyList<Placed> placed)
    {
        foreach (var (queue, message) in placed)
        {
            if (queue.Kind == QueueKind.Inbound) _inboxes.OnStored(queue, message);
            else _links.OnStored(queue, message);
        }
    }

    /// <inheritdoc/>
    void IFullTargets.OnFull(IReadOnlyList<QueueId> targets, StoreRefusal why)
    {
        foreach (var target in targets)
        {
            if (target.Kind == QueueKind.Outgoing && Outgoing.TryGetValue(target.Peer, out var link))
                link.Room.OnRefused(why.Why, why.IsForDisk ? LinkCause.LocalDisk : LinkCause.LocalQuota);
        }
    }

    /// <inheritdoc/>
    bool ITargetStanding.IsUp(QueueId queue) => Management.PauseOf(queue) is null && (queue.Kind == QueueKind.Outgoing
        ? Outgoing.TryGetValue(queue.Peer, out var link) && link.TakesMessages
        : _outlets.IsUp(queue.Name));

    /// <inheritdoc/>
    int ITargetStanding.BodyBytesMax(QueueId queue) =>
        queue.Kind == QueueKind.Outgoing && Outgoing.TryGetValue(queue.Peer, out var link) ? link.PeerLimits.BodyBytesMax : int.MaxValue;

    /// <inheritdoc/>
    void ILinkChanges.OnChanged(string peer, LinkChange change)
    {
        var (topic, at) = (OutgoingLinks.Topic + peer, change.At.ToUnixTimeMilliseconds());
        _store.Submit(new AppendEventCommand(new StoredEvent(topic, at, LinkHistory.Write(change))));
        Management.OnLinkChanged(peer, change);
    }

    /// <inheritdoc/>
    void ILinkChanges.OnHappened(string peer, LinkChange change)
    {
        _telemetry.LinkChanged(peer, change);
        if (Outgoing.TryGetValue(peer, out var link)) _sessions.OnPeerChanged(Inspection.StateOf(link.Status));
    }

    private void OnStoreStalls()
    {
        foreach (var link in Outgoing.Values) link.OnStalledHere(_store.StalledSince!.Value);
        Management.OnStoreStalls(_store.StalledSince!.Value);
    }

    private void OnStoreAnswers()
    {
        foreach (var link in Outgoing.Values) link.OnStoreAnswersHere();
        Management.OnStoreAnswers();
    }

    private void Restore(IReadOnlyList<StoredEvent> events)
    {
        foreach (var entry in events.Where(entry => entry.Topic == EventLog.AuditTopic)) Management.Restore(entry);
        _outgoing.RestoreHistory(events);
        TcpChanges.Restore(events, _inlets, _outlets);
    }

    /// <summary>Becomes durable with the next write; if a kill loses it, message ids merely live longer.</summary>
    private void NoteRunning()
    {
        _nextRunningNote = _clock.Uptime + _noteRunningEvery;
        _store.Submit(new MarkCommand(MarkNames.RunningMs, _intake.RunningMs.ToString(CultureInfo.InvariantCulture), done: null));
    }

    /// <summary>Expires the messages of some queues at a time, until nothing is due.</summary>
    private void Expire(DueQueues due)
    {
        _isExpiring = true;
        var untouched = due.Queues.ToDictionary(
            queue => queue, queue => queue.Kind == QueueKind.Inbound ? _inboxes.ProtectedUpTo(queue) : _links.InDoubtUpTo(queue));
        _store.Submit(new ExpireCommand(_clock.Now, due, untouched, done =>
        {
            _links.OnForgotten(done.Forgotten);
            if (done.Next.Queues.Count > 0 || done.HasMoreForgotten)
            {
                Expire(done.Next);
                return;
            }

            _isExpiring = false;
            _looksInVain++;
            _nothingExpiresBeforeMs = done.NothingBeforeMs;
            _nextExpiry = _clock.CommonMoment(_clock.Uptime + _expireEvery, _expireEvery);
        }));
    }
}
