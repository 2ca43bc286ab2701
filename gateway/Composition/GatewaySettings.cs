using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;

namespace Gateway.Composition;

/// <summary>The configuration of the parts of a gateway.</summary>
internal sealed record GatewaySettings(
    IntakeSettings Intake,
    LinkSettings Links,
    InboxSettings Inbox,
    IReadOnlySet<string> Peers,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Routes)
{
    /// <summary>What peers may see of this gateway.</summary>
    public FleetShare Share { get; init; } = FleetShare.Totals;
}
