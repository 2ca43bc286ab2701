using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Causes;
using Microsoft.Extensions.Logging;

namespace Gateway.Tcp.Outlets;

/// <summary>What the outlets of a gateway share. Owned by the loop.</summary>
/// <param name="OwnName">The gateway's name.</param>
/// <param name="Inboxes">Hands out the messages.</param>
/// <param name="Intake">Takes the replies.</param>
/// <param name="Dialer">Connects to the targets.</param>
/// <param name="Changes">Keeps the changes of each outlet, by its name.</param>
internal sealed record OutletParts(
    string OwnName,
    LoopClock Clock,
    Random Random,
    Inboxes Inboxes,
    EnqueueIntake Intake,
    ITargetDialer Dialer,
    ILinkChanges Changes,
    ILogger Logger);
