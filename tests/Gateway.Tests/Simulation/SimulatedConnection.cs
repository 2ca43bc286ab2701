namespace Gateway.Tests.Simulation;

/// <summary>
/// One TCP connection between two gateways: two streams of frames in flight, and what each end knows of the other. Frames and ends become visible one at a time,
/// when the scheduler says so.
/// </summary>
internal sealed class SimulatedConnection(string id, SimulatedDialer dialer, SimulatedGateway to, DateTimeOffset dialled)
{
    private readonly LinkedList<byte[]> _toAcceptor = [];
    private readonly LinkedList<byte[]> _toDialer = [];

    public string Id => id;

    public SimulatedDialer Dialer => dialer;

    public SimulatedGateway To => to;

    public DateTimeOffset Dialled => dialled;

    public bool IsEstablished { get; set; }

    /// <summary>The dialing side has closed its end, or is dead; the other does not know it yet.</summary>
    public bool DialerIsGone { get; private set; }

    /// <summary>The accepting side is dead; the dialing one does not know it yet.</summary>
    public bool AcceptorIsGone { get; private set; }

    /// <summary>The run of the accepting gateway that this connection belongs to.</summary>
    public int AcceptorRun { get; set; }

    public bool IsOver => DialerIsGone && (AcceptorIsGone || !IsEstablished);

    public int InFlight => _toAcceptor.Count + _toDialer.Count;

    public void SendToAcceptor(byte[] frame)
    {
        if (!DialerIsGone && !AcceptorIsGone) _toAcceptor.AddLast(frame);
    }

    public void SendToDialer(byte[] frame)
    {
        if (!DialerIsGone && !AcceptorIsGone) _toDialer.AddLast(frame);
    }

    public byte[]? NextToAcceptor() => Take(_toAcceptor);

    public byte[]? NextToDialer() => Take(_toDialer);

    public void DialerLeaves(bool dropsInFlight)
    {
        DialerIsGone = true;
        _toDialer.Clear();
        if (dropsInFlight) _toAcceptor.Clear();
    }

    public void AcceptorLeaves(bool dropsInFlight)
    {
        AcceptorIsGone = true;
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
    }

    private static byte[]? Take(LinkedList<byte[]> lane)
    {
        if (lane.First is not { } first) return null;
        lane.RemoveFirst();
        return first.Value;
    }
}
