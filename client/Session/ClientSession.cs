using System.Diagnostics;
using Gateway.Client.Pacing;
using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The application's side of the protocol as a state machine: an event and the time in; frames, answers to callers, and the wish for a
/// connection out. It knows no socket, thread or clock. Time is counted from any fixed moment.
/// <code>
/// Waiting ──backoff over──► Greeting ──WELCOME──► Live
///    ▲                         │                   │
///    └──connection ended, silence, GOODBYE, ERROR──┘      Closed from anywhere
/// </code>
/// </summary>
internal sealed partial class ClientSession
{
    private const string Version = "1";

    private static readonly TimeSpan _reconnectLeast = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan _reconnectMost = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _retryLeast = TimeSpan.FromMilliseconds(20);

    private readonly SessionSettings _settings;
    private readonly RequestIds _ids;
    private readonly CallTable _calls = new();
    private readonly SubscriptionTable _subscriptions = new();
    private readonly HeldDeliveries _held = new();
    private readonly Liveness _liveness;
    private readonly Backoff _reconnect;
    private readonly Backoff _retry;
    private WireLimits _limits = new();
    private int _lastConnection;
    private TimeSpan _lastWait;
    private bool _isWatching;
    private TimeSpan _openAt;
    private TimeSpan _liveAt;

    public ClientSession(SessionSettings settings, RequestIds ids, Random chance)
    {
        _settings = settings;
        _ids = ids;
        _liveness = new Liveness(settings.HeartbeatInterval, settings.DeadAfter);
        _reconnect = new Backoff(_reconnectLeast, _reconnectMost, chance);
        _retry = new Backoff(_retryLeast, _reconnectMost, chance);
    }

    public SessionPhase Phase { get; private set; }

    /// <summary>The number of the connection that should exist, each on a fresh socket; 0 for none.</summary>
    public int Connection { get; private set; }

    /// <summary>The gateway's name and incarnation, once known; for logs.</summary>
    public string Gateway { get; private set; } = "";

    /// <summary>The largest frame that the gateway accepts, once known.</summary>
    public int FrameBytesMax => _limits.BodyBytesMax;

    /// <summary>The largest headers of a message that the gateway accepts, once known. Any thread.</summary>
    public int HeadersBytesMax => Volatile.Read(ref _limits).HeadersBytesMax;

    /// <summary>Why the last connection ended; for logs.</summary>
    public string EndReason { get; private set; } = "";

    /// <summary>The messages to send on the present connection, in order. The caller removes them.</summary>
    public Queue<IReadOnlyList<ReadOnlyMemory<byte>>> Outbox { get; } = new();

    /// <summary>The gateway's reports about its peers, in order. The caller removes them.</summary>
    public Queue<Reply.Peer> PeerNews { get; } = new();

    public void Handle(SessionEvent happened, TimeSpan now)
    {
        switch (happened)
        {
            case SessionEvent.Submitted e: Submit(e.Call, now); break;
            case SessionEvent.Received e: Receive(e.Reply, now); break;
            case SessionEvent.Ticked: Tick(now); break;
            case SessionEvent.Taken e: TopUp(e); break;
            case SessionEvent.Cancelled e: Cancel(e); break;
            case SessionEvent.Subscribed e: Subscribe(e.Subscription); break;
            case SessionEvent.Unsubscribed e: Unsubscribe(e.Subscription, now); break;
            case SessionEvent.ConnectionEnded e: EndConnection(e.Reason, now); break;
            case SessionEvent.Watched: Watch(); break;
            case SessionEvent.Closed: Close(); break;
            default: throw new UnreachableException();
        }
    }

    private void Tick(TimeSpan now)
    {
        foreach (var call in _calls.Expired(now))
        {
            call.Fail(CallFailure.Expired(call, Phase == SessionPhase.Live));
            _calls.GiveUp(call);
        }

        switch (Phase)
        {
            case SessionPhase.Waiting when now >= _openAt: Open(now); break;
            case SessionPhase.Greeting or SessionPhase.Live when _liveness.IsDead(now):
                EndConnection($"nothing was heard for {_settings.DeadAfter.TotalSeconds:0.###} s", now);
                break;
            case SessionPhase.Live: TickLive(now); break;
        }
    }

    private void TickLive(TimeSpan now)
    {
        if (_liveness.IsPingDue(now))
            Send(new Request.Ping(ReadOnlyMemory<byte>.Empty));
        foreach (var subscription in _subscriptions.Due(now))
            Send(Open(subscription));
        RenewLeases(now);
        _calls.ResumePostponed(now);
        Pump();
    }

    private void Open(TimeSpan now)
    {
        Phase = SessionPhase.Greeting;
        Connection = ++_lastConnection;
        _liveness.Begin(now);
        Send(new Request.Hello(Version, _settings.ApplicationName, _settings.Token));
    }

    private void GoLive(Reply.Welcome welcome, TimeSpan now)
    {
        Phase = SessionPhase.Live;
        Gateway = $"{welcome.Gateway} ({welcome.Incarnation})";
        Volatile.Write(ref _limits, welcome.Limits);
        _liveAt = now;
        Pump();
        foreach (var subscription in _subscriptions.All)
            Send(Open(subscription));
        if (_isWatching)
            Send(new Request.Watch(_ids.Next()));
    }

    private void Watch()
    {
        if (_isWatching)
            return;
        _isWatching = true;
        if (Phase == SessionPhase.Live)
            Send(new Request.Watch(_ids.Next()));
    }

    private void EndConnection(string reason, TimeSpan now)
    {
        if (Connection == 0 || Phase == SessionPhase.Closed)
            return;
        // A connection that ends soon after its WELCOME counts as a failure: the backoff grows.
        if (Phase == SessionPhase.Live && now - _liveAt >= _reconnectMost)
            _lastWait = TimeSpan.Zero;
        _lastWait = _reconnect.Next(_lastWait);
        _openAt = now + _lastWait;
        EndReason = reason;
        Phase = SessionPhase.Waiting;
        Connection = 0;
        Outbox.Clear();
        foreach (var call in _calls.Open().Where(call => call.Connection != 0))
            call.Fail(CallFailure.LeaseLost(call));
        _calls.Rewind();
        _subscriptions.LoseAll();
        _held.LoseAll();
    }

    private void Close()
    {
        if (Phase == SessionPhase.Live)
            Send(new Request.Bye());
        else
            Outbox.Clear();
        Phase = SessionPhase.Closed;
        foreach (var call in _calls.Open())
        {
            call.Fail(CallFailure.Disposed(call));
            _calls.GiveUp(call);
        }

        _subscriptions.EndAll(CallFailure.Disposed());
    }

    private void Send(Request request) => Outbox.Enqueue(RequestCodec.Encode(request));
}
