using Gateway.Tcp;
using Gateway.Tcp.Outlets;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>For a gateway without outlets.</summary>
internal sealed class NoTargets : ITargetDialer
{
    public ITargetConnection Dial(OutletSettings settings, ITarget target) => throw new InvalidOperationException("there is no outlet");
}
