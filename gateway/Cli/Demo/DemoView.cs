using System.Collections.Immutable;
using Gateway.Cli.Demo.Ledger;
using Gateway.Http.Views;

namespace Gateway.Cli.Demo;

/// <summary>A snapshot of a running demo for display.</summary>
internal sealed record DemoView(
    TimeSpan Elapsed, long Expected, DemoCounts Counts, IReadOnlyList<DemoView.Gateway> Gateways, ImmutableList<string> Journal)
{
    /// <summary>The applications are programs with plain sockets, to which nothing is confirmed.</summary>
    public bool Tcp { get; init; }

    /// <summary>A gateway by name, with its state; null if it does not answer.</summary>
    internal sealed record Gateway(string Name, GatewayView? State);
}
