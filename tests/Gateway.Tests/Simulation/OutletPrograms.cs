using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Gateway.Tcp.Outlets;
using Gateway.Tests.Tcp.Inlets;

namespace Gateway.Tests.Simulation;

/// <summary>The target of the one outlet of a gateway.</summary>
/// <param name="onEnded">The gateway's process is gone.</param>
internal sealed class OutletPrograms(ITargetDialer target, OutletSettings outlet, Action onEnded) : ISimulatedPrograms
{
    public TcpSettings Settings { get; } = new([], [outlet]);

    public IInletDoors Doors { get; } = new NoDoors();

    public ITargetDialer Targets => target;

    public void OnGatewayEnded() => onEnded();
}
