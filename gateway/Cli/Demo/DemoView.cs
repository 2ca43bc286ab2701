using System.Collections.Immutable;
using Gateway.Http.Views;

namespace Gateway.Cli.Demo;

/// <summary>What can be seen of a running demo at one moment.</summary>
internal sealed record DemoView(
    TimeSpan Elapsed, long Expected, DemoCounts Counts, IReadOnlyList<DemoView.Gateway> Gateways, ImmutableList<string> Journal)
{
    /// <summary>A gateway by name, and its state unless it does not answer.</summary>
    internal sealed record Gateway(string Name, GatewayView? State);
}
