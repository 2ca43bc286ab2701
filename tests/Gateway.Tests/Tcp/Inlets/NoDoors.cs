using Gateway.Tcp;
using Gateway.Tcp.Inlets;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>For a gateway without inlets.</summary>
internal sealed class NoDoors : IInletDoors
{
    public InletOpening Open(InletSettings settings, IVisitors visitors, bool isHeld) =>
        throw new InvalidOperationException("there is no inlet");
}
