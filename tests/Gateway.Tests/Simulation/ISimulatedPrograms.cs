using Gateway.Tcp;
using Gateway.Tcp.Inlets;
using Gateway.Tcp.Outlets;

namespace Gateway.Tests.Simulation;

/// <summary>The programs with plain sockets around one simulated gateway.</summary>
internal interface ISimulatedPrograms
{
    /// <summary>The gateway's inlets and outlets.</summary>
    TcpSettings Settings { get; }

    IInletDoors Doors { get; }

    ITargetDialer Targets { get; }

    /// <summary>The gateway's process is gone: its sockets end.</summary>
    void OnGatewayEnded();
}
