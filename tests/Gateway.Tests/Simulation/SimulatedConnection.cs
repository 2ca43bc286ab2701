using Gateway.Links.Protocol;

namespace Gateway.Tests.Simulation;

/// <summary>
/// One TCP connection between two gateways: two streams of frames in flight, and what each end knows of the other. Frames and ends become
/// visible one at a time, when their time has come and the scheduler says so.
/// </summary>
internal sealed class SimulatedConnection(
    int number, SimulatedDialer dialer, SimulatedGateway to, LinkSettings settings, DateTimeOffset dialled)
{
    private readonly LinkedList<FrameInFlight> _toAcceptor = [];
    private readonly LinkedList<FrameInFlight> _toDialer = [];
    private DateTimeOffset _acceptorsLineIsFree;
    private DateTimeOffset _dialersLineIsFree;

    /// <summary>Connections are numbered in the order in which they were dialled.</summary>
    public int Number => number;

    /// <summary>The name under which it was dialled.</summary>
    public string DialersName { get; } = dialer.From.Name;

    public int DialersLife { get; } = dialer.From.Lives;

    public string Id { get; } = $"{dialer.From.Name}#{number}";

    public SimulatedDialer Dialer => dialer;

    public SimulatedGateway To => to;

    public DateTimeOffset Dialled => dialled;

    public ConnectionEvidence Evidence { get; } = new(settings);

    public bool IsEstablished { get; private set; }

    /// <summary>Something on the way has forgotten the connection: nothing passes any more, and nobody is told.</summary>
    public bool IsHalfOpen { get; set; }

    /// <summary>Nothing arrives in these directions for now, and nothing is lost.</summary>
    public Hold Holds { get; set; }

    /// <summary>The dialing side has closed its end, or is dead; the other does not know it yet.</summary>
    public bool DialerIsGone { get; private set; }

    /// <summary>The accepting side is dead; the dialing one does not know it yet.</summary>
    public bool AcceptorIsGone { get; private set; }

    /// <summary>How the dialing side will see that the accepting one is gone.</summary>
    public LinkCause AcceptorsEnd { get; private set; }

    /// <summary>The run of the accepting gateway to which it belongs.</summary>
    public int AcceptorRun { get; private set; }

    /// <summary>
    /// The history of its store that the accepting gateway had then, as <see cref="SimulatedGateway.Histories"/> counts them.
    /// </summary>
    public int AcceptorHistories { get; private set; }

    public bool IsOver => DialerIsGone && (AcceptorIsGone || !IsEstablished || IsHalfOpen);

    public int InFlight => _toAcceptor.Count + _toDialer.Count;

    public void Establish(DateTimeOffset now)
    {
        IsEstablished = true;
        AcceptorRun = to.Runs;
        AcceptorHistories = to.Histories;
        Evidence.Established(now);
    }

    /// <param name="bytesPerSecond">How fast the line is now; 0 for as fast as it goes.</param>
    public void SendToAcceptor(LinkFrame frame, DateTimeOffset now, TimeSpan delay, int bytesPerSecond)
    {
        Evidence.DialerSends(frame, now);
        if (!DialerIsGone && !AcceptorIsGone) Send(_toAcceptor, ref _acceptorsLineIsFree, frame, now, delay, bytesPerSecond);
    }

    public void SendToDialer(LinkFrame frame, DateTimeOffset now, TimeSpan delay, int bytesPerSecond)
    {
        Evidence.AcceptorSends(frame, to, dialer.From, now, DialerIsGone);
        if (!DialerIsGone && !AcceptorIsGone) Send(_toDialer, ref _dialersLineIsFree, frame, now, delay, bytesPerSecond);
    }

    /// <summary>A part of a frame has arrived at the accepting side, and more of it since a moment ago.</summary>
    public bool MovesToAcceptor(DateTimeOffset now) => IsEstablished && !AcceptorIsGone && Moves(_toAcceptor, now);

    public bool MovesToDialer(DateTimeOffset now) => IsEstablished && !DialerIsGone && Moves(_toDialer, now);

    /// <summary>The next frame that has arrived at the accepting side; null if none has.</summary>
    public byte[]? NextToAcceptor(DateTimeOffset now) => Take(_toAcceptor, now);

    public byte[]? NextToDialer(DateTimeOffset now) => Take(_toDialer, now);

    public bool HasForAcceptor => _toAcceptor.Count > 0;

    public bool HasForDialer => _toDialer.Count > 0;

    public void DialerLeaves(bool dropsInFlight)
    {
        DialerIsGone = true;
        _toDialer.Clear();
        if (dropsInFlight) _toAcceptor.Clear();
    }

    public void AcceptorLeaves(bool dropsInFlight, LinkCause asSeenByDialer)
    {
        AcceptorIsGone = true;
        AcceptorsEnd = asSeenByDialer;
        _toAcceptor.Clear();
        if (dropsInFlight) _toDialer.Clear();
    }

    /// <summary>Loses one frame somewhere in flight.</summary>
    public void LoseFrame(Random random)
    {
        if (InFlight == 0) return;
        var lane = random.Next(InFlight) < _toAcceptor.Count ? _toAcceptor : _toDialer;
        var node = lane.First!;
        for (var i = random.Next(lane.Count); i > 0; i--) node = node.Next!;
        lane.Remove(node);
        Evidence.HasHole = true;
    }

    /// <summary>Loses the frame that the dialing side would get next.</summary>
    public void LoseNextAnswer()
    {
        _toDialer.RemoveFirst();
        Evidence.HasHole = true;
    }

    private static byte[]? Take(LinkedList<FrameInFlight> lane, DateTimeOffset now)
    {
        if (lane.First is not { } first || first.Value.Arrives > now) return null;
        lane.RemoveFirst();
        return first.Value.Bytes;
    }

    private static void Send(LinkedList<FrameInFlight> lane, ref DateTimeOffset lineIsFree, LinkFrame frame, DateTimeOffset now,
        TimeSpan delay, int bytesPerSecond)
    {
        var bytes = LinkCodec.Encode(frame);
        var begins = lineIsFree > now ? lineIsFree : now;
        var takes = bytesPerSecond > 0 ? TimeSpan.FromSeconds((double)bytes.Length / bytesPerSecond) : TimeSpan.Zero;
        if (takes > TimeSpan.Zero) lineIsFree = begins + takes;
        lane.AddLast(new FrameInFlight(bytes, begins + delay, begins + takes + delay));
    }

    private static bool Moves(LinkedList<FrameInFlight> lane, DateTimeOffset now) =>
        lane.First is { Value: var first } && first.Begins < now && now < first.Arrives;

    /// <param name="Begins">When its first byte arrives.</param>
    /// <param name="Arrives">When its last one does.</param>
    private readonly record struct FrameInFlight(byte[] Bytes, DateTimeOffset Begins, DateTimeOffset Arrives);
}
