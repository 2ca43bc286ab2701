using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Links.Sending;

/// <summary>
/// The present connection of a link: its signs of life, what has arrived at the peer, and at which pace it takes more. Begins anew with
/// each connection. Pure; owned by its link.
/// </summary>
/// <param name="shell">Makes the connections.</param>
internal sealed class OutgoingConnection(LinkSettings settings, LoopClock clock, ILinkConnection shell) : ILinkOutput
{
    private readonly LinkQuiet _quiet = new(clock);
    private long _lastHelloUnixMs;

    public LinkLiveness Liveness { get; } = new(settings, clock);

    public LinkArrivals Arrivals { get; } = new(settings.AckTimeout);

    public LinkPace Pace { get; } = new();

    public ConnectionTally Tally { get; } = new();

    /// <summary>
    /// The time by which the hello, or a question asked before the link comes up, must be answered; null before the connection is made.
    /// </summary>
    public TimeSpan? WelcomeDue { get; private set; }

    /// <summary>The time without a frame in either direction.</summary>
    public TimeSpan Quiet => _quiet.Time;

    /// <summary>Makes a new connection for the link, in place of the former one.</summary>
    public void Dial(IDialedLink link)
    {
        WelcomeDue = null;
        shell.Dial(link);
    }

    /// <summary>Goes on to the peer's next address; false if there is none.</summary>
    public bool TryDialNext(IDialedLink link)
    {
        if (!shell.TryDialNext(link)) return false;
        WelcomeDue = null;
        return true;
    }

    public void HangUp() => shell.HangUp();

    public void Drill(DrillKind kind, TimeSpan duration) => shell.Drill(kind, duration);

    /// <summary>The connection is made. Returns the time to name in the hello.</summary>
    public long Begin()
    {
        Liveness.Begin();
        _quiet.Begin();
        Arrivals.Begin();
        Pace.Begin();
        Tally.Begin();
        WelcomeDue = clock.Uptime + settings.HandshakeTimeout;
        // The hello of an abandoned connection may arrive after this one; even if the clock was set back meanwhile, it must not seem the
        // later one.
        return _lastHelloUnixMs = Math.Max(clock.NowUnixMs, _lastHelloUnixMs + 1);
    }

    /// <summary>Bytes have arrived, whole frames or not.</summary>
    public void OnBytes(long count)
    {
        Liveness.OnBytes();
        if (WelcomeDue is not { } due) return;
        // A long welcome on a slow line gets the time that its bytes take, and never more than the whole timeout after the last of them.
        var (longest, extended) = (clock.Uptime + settings.HandshakeTimeout, due
            + TimeSpan.FromSeconds((double)count / LinkLiveness.SlowestBytesPerSecond));
        WelcomeDue = extended < longest ? extended : longest;
    }

    /// <summary>A question is asked before the link comes up; its answer has as long as that to the hello.</summary>
    public void OnAsked() => WelcomeDue = clock.Uptime + settings.HandshakeTimeout;

    public void OnFrame()
    {
        Liveness.OnFrame();
        _quiet.OnReceived();
    }

    /// <inheritdoc/>
    public void Send(LinkFrame frame)
    {
        _quiet.OnSent();
        shell.Send(frame);
    }
}
