using Gateway.Client.Pacing;
using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// The connection that a session has or wants: its phase, the gateway's limits, and the frames that wait to be sent on it. The parts of
/// the session send through it; the session alone begins and ends it.
/// </summary>
internal sealed class SessionConnection(Random chance)
{
    private static readonly TimeSpan _reconnectLeast = TimeSpan.FromMilliseconds(70);
    private static readonly TimeSpan _reconnectMost = TimeSpan.FromSeconds(1);

    private readonly Backoff _reconnect = new(_reconnectLeast, _reconnectMost, chance);
    private WireLimits _limits = new();
    private int _lastNumber;
    private TimeSpan _lastWait;
    private TimeSpan _openAt;
    private TimeSpan _liveAt;

    public SessionPhase Phase { get; private set; }

    /// <summary>All requests may be sent.</summary>
    public bool IsLive => Phase == SessionPhase.Live;

    /// <summary>The number of the connection that should exist, each on a fresh socket; 0 for none.</summary>
    public int Number { get; private set; }

    /// <summary>The limits of the last WELCOME; the defaults before the first. Any thread.</summary>
    public WireLimits Limits => Volatile.Read(ref _limits);

    /// <summary>Why the last connection ended; for logs.</summary>
    public string EndReason { get; private set; } = "";

    /// <summary>What the gateway answered to the last greeting in place of a WELCOME; null if it answered nothing, or let us in.</summary>
    public GatewayException? Refusal { get; private set; }

    /// <summary>The messages to send, in order.</summary>
    public Queue<IReadOnlyList<ReadOnlyMemory<byte>>> Outbox { get; } = new();

    /// <summary>The backoff is over: a connection should be opened.</summary>
    public bool IsDue(TimeSpan now) => Phase == SessionPhase.Waiting && now >= _openAt;

    public void Open()
    {
        Phase = SessionPhase.Greeting;
        Number = ++_lastNumber;
    }

    public void GoLive(WireLimits limits, TimeSpan now)
    {
        Phase = SessionPhase.Live;
        Refusal = null;
        Volatile.Write(ref _limits, limits);
        _liveAt = now;
    }

    /// <summary>Ends the connection and begins the backoff; false if there is none.</summary>
    public bool TryEnd(string reason, GatewayException? refusal, TimeSpan now)
    {
        if (Number == 0 || Phase == SessionPhase.Closed)
            return false;
        // A connection that ends soon after its WELCOME counts as a failure: the backoff grows.
        if (Phase == SessionPhase.Live && now - _liveAt >= _reconnectMost)
            _lastWait = TimeSpan.Zero;
        _lastWait = _reconnect.Next(_lastWait);
        _openAt = now + _lastWait;
        (EndReason, Refusal) = (reason, refusal);
        Phase = SessionPhase.Waiting;
        Number = 0;
        Outbox.Clear();
        return true;
    }

    /// <summary>No connection follows. A live one is left with a BYE.</summary>
    public void Close()
    {
        if (Phase == SessionPhase.Live)
            Send(new Request.Bye());
        else
            Outbox.Clear();
        Phase = SessionPhase.Closed;
    }

    public void Send(Request request) => Outbox.Enqueue(RequestCodec.Encode(request));

    public void Send(Call call) => Outbox.Enqueue(call.Frames);
}
