using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Gateway.Tcp.Outlets;
using Gateway.Tests.Tcp.Outlets;

namespace Gateway.Tests.Simulation;

/// <summary>The programs that connect to the one inlet of a gateway.</summary>
/// <param name="onEnded">The gateway's process is gone.</param>
internal sealed class InletPrograms(IInletDoors doors, InletSettings inlet, Action onEnded) : ISimulatedPrograms
{
    public TcpSettings Settings { get; } = new([inlet], []);

    public IInletDoors Doors => doors;

    public ITargetDialer Targets { get; } = new NoTargets();

    public void OnGatewayEnded() => onEnded();
}
