using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links;

namespace Gateway.Composition;

/// <summary>What the parts of a gateway are told by the configuration.</summary>
internal sealed record GatewaySettings(
    IntakeSettings Intake,
    LinkSettings Links,
    InboxSettings Inbox,
    IReadOnlySet<string> Peers,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Routes);
