using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Store.Messages;
using Microsoft.Extensions.Logging;

namespace Gateway.Intake;

/// <summary>
/// The sessions of connected applications: decodes requests, passes each to the part that handles it, and counts the unanswered ones. A
/// pure state machine, owned by the loop.
/// </summary>
internal sealed partial class ClientSessions(
    IntakeSettings settings,
    GatewayIdentity self,
    EnqueueIntake intake,
    Inboxes inboxes,
    IInspection inspection,
    LoopClock clock,
    ILogger<ClientSessions> logger)
{
    /// <summary>The version of the local protocol that this gateway speaks.</summary>
    public const string ProtocolVersion = "1";

    private const int ShownBytesMax = 100;

    private readonly ILogger _logger = logger;
    private readonly Dictionary<string, Session> _sessions = [];
    private readonly RefusedHellos _refused = new(clock);
    private ApplicationBook _applications = settings.Applications;

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick => _refused.NextTick;

    public void Tick() => _refused.Tick();

    /// <summary>Handles the frames of an application.</summary>
    /// <param name="connection">Identifies the connection while it lasts.</param>
    /// <param name="replies">The connection.</param>
    public CallerStanding OnFrames(string connection, IReadOnlyList<byte[]> frames, IReplies replies)
    {
        if (_refused.Holds(connection)) return CallerStanding.Refused;
        if (!RequestCodec.TryDecode(frames, out var request, out var fault))
        {
            replies.Send(fault.Id is { } id ? new Reply.Rejected(id, fault.Code, fault.Text) : new Reply.Error(fault.Code, fault.Text));
        }
        else if (request is Request.Hello hello)
        {
            OnHello(connection, hello, replies);
        }
        else if (_sessions.TryGetValue(connection, out var session))
        {
            OnRequest(session, request);
            return CallerStanding.Known;
        }
        else if (request is not Request.Bye)
        {
            replies.Send(new Reply.Error(WireCode.HelloRequired, "say HELLO first: this connection is new to the gateway"));
        }

        return _sessions.ContainsKey(connection) ? CallerStanding.Known
            : _refused.Holds(connection) ? CallerStanding.Refused : CallerStanding.Unknown;
    }

    public void OnLost(string connection)
    {
        _refused.Remove(connection);
        if (!_sessions.Remove(connection, out var session)) return;
        session.IsOver = true;
        LogGone(session.Application);
        inboxes.OnConnectionLost(connection);
    }

    /// <summary>The state of a link has changed: informs the applications that watch and have sent something to this peer.</summary>
    public void OnPeerChanged(PeerState peer)
    {
        foreach (var session in _sessions.Values.Where(session => session.IsWatching && session.Peers.Contains(peer.Name)))
            session.Send(Told(peer));
    }

    /// <summary>
    /// Replaces the known applications. A session keeps its connection and has the rights that its token has now; one whose token is no
    /// longer known ends, and its deliveries are available to others again.
    /// </summary>
    public void Use(ApplicationBook applications)
    {
        _applications = applications;
        foreach (var session in _sessions.Values.ToList())
        {
            if (applications.Find(session.TokenHash) is { } rights) Allow(session, rights);
            else End(session);
        }
    }

    public void SayGoodbye()
    {
        foreach (var session in _sessions.Values) session.Send(new Reply.Goodbye());
    }

    private void OnHello(string connection, Request.Hello hello, IReplies replies)
    {
        // A second HELLO on a connection restarts its session, even if it is refused; earlier requests are still being handled, and count.
        var pending = _sessions.GetValueOrDefault(connection)?.Pending ?? new PendingRequests();
        OnLost(connection);
        if (hello.Version != ProtocolVersion)
        {
            replies.Send(new Reply.Error(WireCode.UnsupportedVersion,
                $"this gateway speaks version {ProtocolVersion} of the local protocol, not '{hello.Version}'"));
            return;
        }

        var hash = ApplicationBook.Hash(hello.Token);
        if (_applications.Find(hash) is not { } rights)
        {
            LogRefused(WireText.Cut(hello.Application, ShownBytesMax));
            intake.OnUnknownToken();
            var text = hello.Token.Length == 0 ? "this gateway serves only applications with a token; HELLO had none"
                : "this gateway knows no application with this token";
            _refused.Add(connection, replies, new Reply.Error(WireCode.NotAuthorised, text));
            return;
        }

        _sessions[connection] = new Session(connection, hello.Application, hash, rights, pending, replies);
        LogHello(hello.Application);
        replies.Send(new Reply.Welcome(ProtocolVersion, self.Name, self.Incarnation.ToString("N"), settings.Limits));
    }

    private void Allow(Session session, ApplicationRights rights)
    {
        session.Allow(rights);
        foreach (var (subscription, queue) in inboxes.Withdraw(session.Connection, rights.Receive.Allow))
        {
            session.Send(new Reply.Rejected(subscription, WireCode.NotAuthorised,
                $"the application {rights.Name} no longer has the right Receive from '{queue}' (Gateway:Intake:Applications)"));
        }
    }

    private void End(Session session)
    {
        session.Send(new Reply.Error(WireCode.NotAuthorised, "this gateway no longer knows the token of this application"));
        LogWithdrawn(session.Application);
        OnLost(session.Connection);
    }

    private void OnRequest(Session session, Request request)
    {
        if (SessionRights.FaultOf(session.Rights, request, session.LastDestination) is var (id, text))
        {
            session.Send(new Reply.Rejected(id, WireCode.NotAuthorised, text));
            return;
        }

        switch (request)
        {
            // Every answer belongs to a session. Without one the gateway answers nothing: the receiver of an earlier run's answer is gone.
            case Request.Ping ping: session.Send(new Reply.Pong(ping.Payload)); break;
            case Request.Enqueue enqueue when Begin(session, enqueue.Id) is { } answer: Enqueue(session, enqueue, answer); break;
            case Request.Receive receive: inboxes.Receive(session.Connection, receive, session); break;
            case Request.Stop stop: inboxes.Stop(session.Connection, stop, session); break;
            case Request.Complete settle: Settle(session, settle, settle.Id, settle.Token); break;
            case Request.Abandon settle: Settle(session, settle, settle.Id, settle.Token); break;
            case Request.Reject settle: Settle(session, settle, settle.Id, settle.Token); break;
            case Request.Release settle: Settle(session, settle, settle.Id, settle.Token); break;
            case Request.Renew settle: Settle(session, settle, settle.Id, settle.Token); break;
            case Request.Peek peek when Begin(session, peek.Id) is { } answer:
                inboxes.Peek(peek with { Count = Math.Min(peek.Count, ProtocolLimits.PeekMessagesMax) }, answer); break;
            case Request.Ready about when Begin(session, about.Id) is { } answer:
                inspection.FindObstacle(why => answer(new Reply.Ready(about.Id, self.Name, why)));
                break;
            case Request.Depth about when Begin(session, about.Id) is { } answer: Count(about, answer); break;
            case Request.Watch watch: Watch(session, watch); break;
            case Request.Bye: OnLost(session.Connection); break;
        }
    }

    private void Enqueue(Session session, Request.Enqueue enqueue, Action<Reply> answer)
    {
        if (enqueue.Destination != session.LastDestination)
        {
            session.LastDestination = enqueue.Destination;
            foreach (var peer in intake.PeersOf(enqueue.Destination))
            {
                if (session.Peers.Add(peer) && session.IsWatching) Tell(session, peer);
            }
        }

        intake.Enqueue(enqueue, answer, session.Rights.Name);
    }

    private void Watch(Session session, Request.Watch watch)
    {
        session.Send(new Reply.Settled(watch.Id));
        if (session.IsWatching) return;
        session.IsWatching = true;
        foreach (var peer in session.Peers) Tell(session, peer);
    }

    /// <summary>Reports the current state of a peer, to which later changes will refer.</summary>
    private void Tell(Session session, string peer)
    {
        if (inspection.StateOf(peer) is { } state) session.Send(Told(state));
    }

    private static Reply.Peer Told(PeerState peer) => new(peer.Name, peer.State, peer.Cause, peer.Text);

    /// <summary>
    /// Counts the messages waiting in a queue. A name without a peer is a local queue, as for RECEIVE and PEEK; routes concern senders
    /// only.
    /// </summary>
    private void Count(Request.Depth about, Action<Reply> answer)
    {
        var name = about.Name.Contains('@', StringComparison.Ordinal) ? about.Name : $"{about.Name}@{self.Name}";
        if (intake.Find(name, out var targets) is var (code, text))
        {
            answer(new Reply.Rejected(about.Id, code, text));
            return;
        }

        var queue = targets[0];
        var peer = queue.Kind == QueueKind.Outgoing ? inspection.StateOf(queue.Peer) : null;
        inspection.Count(queue, counted => answer(new Reply.Depth(
            about.Id, counted.Messages, counted.Bytes, counted.OldestUnixMs, peer?.State ?? "", peer?.Cause ?? "", peer?.Text ?? "")));
    }

    private void Settle(Session session, Request request, RequestId id, DeliveryToken token)
    {
        if (Begin(session, id) is { } answer) inboxes.Settle(session.Connection, request, id, token, answer);
    }

    /// <summary>Counts a request as unanswered until its answer is sent; returns null, after a rejection, if there are too many.</summary>
    private Action<Reply>? Begin(Session session, RequestId id)
    {
        var pending = session.Pending;
        if (pending.Count >= settings.Limits.PendingRequestsMax)
        {
            session.Send(new Reply.Rejected(id, WireCode.Busy,
                $"{Figures.Counted(pending.Count, "request")} of this connection are unanswered; wait for some answers"));
            return null;
        }

        pending.Count++;
        return reply =>
        {
            pending.Count--;
            session.Send(reply);
        };
    }

    /// <summary>The unanswered requests of one connection.</summary>
    private sealed class PendingRequests
    {
        public int Count { get; set; }
    }

    private sealed class Session(string connection, string application, byte[] tokenHash, ApplicationRights rights,
        PendingRequests pending, IReplies replies) : IReplies
    {
        public string Connection { get; } = connection;

        public string Application { get; } = application;

        public byte[] TokenHash { get; } = tokenHash;

        public ApplicationRights Rights { get; private set; } = rights;

        public PendingRequests Pending { get; } = pending;

        /// <summary>The peers to which it has sent something; limited by the configured peers.</summary>
        public HashSet<string> Peers { get; } = [];

        /// <summary>The application watches the links to these peers.</summary>
        public bool IsWatching { get; set; }

        /// <summary>
        /// The last permitted destination. Most applications send to one destination repeatedly: its peers and the permission are then
        /// known.
        /// </summary>
        public string LastDestination { get; set; } = "";

        /// <summary>
        /// The connection ended or restarted its session: an answer to an earlier request would be taken for the answer to another.
        /// </summary>
        public bool IsOver { get; set; }

        /// <summary>The rights of its token have changed; the last destination was permitted by the former ones.</summary>
        public void Allow(ApplicationRights rights) => (Rights, LastDestination) = (rights, "");

        public void Send(Reply reply)
        {
            if (!IsOver) replies.Send(reply);
        }
    }
}
