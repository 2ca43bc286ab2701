using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Tcp;

namespace Gateway.Composition;

/// <summary>The configuration of the parts of a gateway.</summary>
internal sealed record GatewaySettings(
    IntakeSettings Intake,
    LinkSettings Links,
    InboxSettings Inbox,
    IReadOnlySet<string> Peers,
    IReadOnlyDictionary<string, Route> Routes)
{
    /// <summary>What peers may see of this gateway.</summary>
    public FleetShare Share { get; init; } = FleetShare.Totals;

    /// <summary>The inlets and outlets for programs that know nothing of the gateway.</summary>
    public TcpSettings Tcp { get; init; } = TcpSettings.None;
}
