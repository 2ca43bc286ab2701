using Gateway.Client.Wire;
using Gateway.Links;

namespace Gateway.Tests.Simulation;

/// <summary>The connections that one run of a gateway makes to one peer.</summary>
internal sealed class SimulatedDialer(SimulatedGateway from, SimulatedNetwork network, string peer) : ILinkConnection
{
    private SimulatedConnection? _current;

    public SimulatedGateway From => from;

    public string Peer => peer;

    public OutgoingLink? Link { get; set; }

    public bool IsCurrent(SimulatedConnection connection) => _current == connection;

    public void Dial()
    {
        HangUp();
        _current = network.Dial(this);
    }

    public void HangUp()
    {
        _current?.DialerLeaves(dropsInFlight: network.LosesWhatIsInFlight());
        _current = null;
    }

    public void Drill(DrillKind kind, TimeSpan duration) => throw new SimulationException("the simulated network makes its faults itself");

    public void Send(LinkFrame frame)
    {
        if (_current is { IsEstablished: true } connection) connection.SendToAcceptor(LinkCodec.Encode(frame));
    }
}
