using System.Diagnostics;
using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The application's side of the protocol as a state machine: an event and the time in; frames, answers to callers, and the wish for a
/// connection out. It knows no socket, thread or clock. Time is counted from any fixed moment. This class leads from phase to phase; each
/// of its parts owns a piece of the state.
/// <code>
/// Waiting ──backoff over──► Greeting ──WELCOME──► Live
///    ▲                         │                   │
///    └──connection ended, silence, GOODBYE, ERROR──┘      Closed from anywhere
/// </code>
/// </summary>
internal sealed class ClientSession
{
    private const string Version = "1";

    private readonly SessionSettings _settings;
    private readonly RequestIds _ids;
    private readonly SessionConnection _connection;
    private readonly LeaseRenewals _leases;
    private readonly SessionCalls _calls;
    private readonly SessionSubscriptions _subscriptions;
    private readonly Liveness _liveness;
    private bool _isWatching;

    public ClientSession(SessionSettings settings, RequestIds ids, Random chance)
    {
        _settings = settings;
        _ids = ids;
        _connection = new SessionConnection(chance);
        _leases = new LeaseRenewals(_connection, ids);
        var retries = new RetryWaits(chance);
        _calls = new SessionCalls(_connection, _leases, retries);
        _subscriptions = new SessionSubscriptions(_connection, _calls, _leases, retries, ids);
        _liveness = new Liveness(settings.HeartbeatInterval, settings.DeadAfter);
    }

    public SessionPhase Phase => _connection.Phase;

    /// <summary>The number of the connection that should exist, each on a fresh socket; 0 for none.</summary>
    public int Connection => _connection.Number;

    /// <summary>The gateway's name and incarnation, once known; for logs.</summary>
    public string Gateway { get; private set; } = "";

    /// <summary>The largest frame that the gateway accepts, once known.</summary>
    public int FrameBytesMax => _connection.Limits.BodyBytesMax;

    /// <summary>The largest headers of a message that the gateway accepts, once known. Any thread.</summary>
    public int HeadersBytesMax => _connection.Limits.HeadersBytesMax;

    /// <summary>Why the last connection ended; for logs.</summary>
    public string EndReason => _connection.EndReason;

    /// <summary>What the gateway answered to the last greeting in place of a WELCOME; null if it answered nothing, or let us in.</summary>
    public GatewayException? Refusal => _connection.Refusal;

    /// <summary>The messages to send on the present connection, in order. The caller removes them.</summary>
    public Queue<IReadOnlyList<ReadOnlyMemory<byte>>> Outbox => _connection.Outbox;

    /// <summary>The gateway's reports about its peers, in order. The caller removes them.</summary>
    public Queue<Reply.Peer> PeerNews { get; } = new();

    public void Handle(SessionEvent happened, TimeSpan now)
    {
        switch (happened)
        {
            case SessionEvent.Submitted e: _calls.Submit(e.Call, now); break;
            case SessionEvent.Received e: Receive(e.Reply, now); break;
            case SessionEvent.Ticked: Tick(now); break;
            case SessionEvent.Taken e: _subscriptions.TopUp(e); break;
            case SessionEvent.Cancelled e: _calls.Cancel(e.Call, e.Token); break;
            case SessionEvent.Subscribed e: _subscriptions.Add(e.Subscription); break;
            case SessionEvent.Unsubscribed e: _subscriptions.Remove(e.Subscription, now); break;
            case SessionEvent.ConnectionEnded e: EndConnection(e.Reason, now); break;
            case SessionEvent.Watched: Watch(); break;
            case SessionEvent.Closed: Close(); break;
            default: throw new UnreachableException();
        }
    }

    private void Tick(TimeSpan now)
    {
        _calls.Expire(now);
        if (_connection.IsDue(now))
            Open(now);
        else if (Phase is SessionPhase.Greeting or SessionPhase.Live && _liveness.IsDead(now))
            EndConnection($"nothing was heard for {_settings.DeadAfter.TotalSeconds:0.###} s", now);
        else if (Phase == SessionPhase.Live)
            TickLive(now);
    }

    private void TickLive(TimeSpan now)
    {
        if (_liveness.IsPingDue(now))
            _connection.Send(new Request.Ping(ReadOnlyMemory<byte>.Empty));
        _subscriptions.Reopen(now);
        foreach (var renewal in _leases.Due(now))
            _calls.Submit(renewal, now);
        _calls.Resume(now);
    }

    private void Open(TimeSpan now)
    {
        _connection.Open();
        _liveness.Begin(now);
        _connection.Send(new Request.Hello(Version, _settings.ApplicationName, _settings.Token));
    }

    private void Receive(Reply reply, TimeSpan now)
    {
        _liveness.Hear(now);
        if (Phase == SessionPhase.Greeting)
            ReceiveGreeting(reply, now);
        else if (Phase == SessionPhase.Live && ReceiveLive(reply, now) is { } fault)
            EndConnection(fault, now);
    }

    private void ReceiveGreeting(Reply reply, TimeSpan now)
    {
        switch (reply)
        {
            case Reply.Welcome { Version: Version } welcome: GoLive(welcome, now); break;
            case Reply.Welcome welcome:
                RefuseAll(WireCode.UnsupportedVersion, $"The gateway speaks version {welcome.Version}.", now);
                break;
            case Reply.Error error when !WireCodes.IsTransient(error.Code): RefuseAll(error.Code, error.Text, now); break;
            case Reply.Error error:
                EndConnection($"the gateway answered {error.Code}: {error.Text}", now, CallFailure.Refusal(error.Code, error.Text));
                break;
            case Reply.Goodbye: EndConnection("the gateway is stopping", now); break;
            default: EndConnection($"{reply.GetType().Name} came before WELCOME", now); break;
        }
    }

    /// <summary>Handles a reply on a live connection. Returns why the connection must end; null if it goes on.</summary>
    private string? ReceiveLive(Reply reply, TimeSpan now)
    {
        switch (reply)
        {
            case Reply.Accepted r: return _calls.Answer(r.Id, r);
            case Reply.Delivery r: return _subscriptions.Deliver(r, now);
            case Reply.Settled r: return _calls.Answer(r.Id, r);
            case Reply.Rejected r:
                if (!_calls.TryRefuse(r, now))
                    _subscriptions.Refuse(r, now);
                return null;
            case Reply.Peeked r: return _calls.Answer(r.Id, r);
            case Reply.Ready r: return _calls.Answer(r.Id, r);
            case Reply.Depth r: return _calls.Answer(r.Id, r);
            case Reply.Pong or Reply.Stopped: return null;
            case Reply.Peer r:
                PeerNews.Enqueue(r);
                return null;
            case Reply.Goodbye: return "the gateway is stopping";
            case Reply.Error error: return $"the gateway answered {error.Code}: {error.Text}";
            default: return $"{reply.GetType().Name} came out of turn";
        }
    }

    private void GoLive(Reply.Welcome welcome, TimeSpan now)
    {
        Gateway = $"{welcome.Gateway} ({welcome.Incarnation})";
        _connection.GoLive(welcome.Limits, now);
        _calls.Pump();
        _subscriptions.OpenAll();
        if (_isWatching)
            _connection.Send(new Request.Watch(_ids.Next()));
    }

    private void Watch()
    {
        if (_isWatching)
            return;
        _isWatching = true;
        if (Phase == SessionPhase.Live)
            _connection.Send(new Request.Watch(_ids.Next()));
    }

    /// <summary>Fails every waiting call: the gateway refuses this client permanently.</summary>
    private void RefuseAll(WireCode code, string text, TimeSpan now)
    {
        _calls.FailAll(call => CallFailure.Rejected(call, code, text));
        _subscriptions.EndAll(CallFailure.Refusal(code, text));
        EndConnection($"the gateway answered {code}: {text}", now);
    }

    private void EndConnection(string reason, TimeSpan now, GatewayException? refusal = null)
    {
        if (!_connection.TryEnd(reason, refusal, now))
            return;
        _calls.OnConnectionEnded();
        _subscriptions.LoseAll();
        _leases.LoseAll();
    }

    private void Close()
    {
        _connection.Close();
        _calls.FailAll(CallFailure.Disposed);
        _subscriptions.EndAll(CallFailure.Disposed());
    }
}
