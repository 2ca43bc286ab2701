using System.Globalization;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Causes;
using Gateway.Store;
using Microsoft.Extensions.Logging;

namespace Gateway.Tcp.Inlets;

/// <summary>What all inlets of a gateway use. Owned by the loop.</summary>
internal sealed class InletParts(
    GatewayIdentity self,
    EnqueueIntake intake,
    Inboxes inboxes,
    IStoreInput store,
    WireLimits limits,
    LoopClock clock,
    IInletDoors doors,
    ILinkChanges changes,
    ILogger<Inlet> logger)
{
    private const int RunDigits = 8;

    private readonly string _run = self.Incarnation.ToString("N")[..RunDigits];
    private long _lastConversation;

    public string OwnName => self.Name;

    public EnqueueIntake Intake => intake;

    public Inboxes Inboxes => inboxes;

    public IStoreInput Store => store;

    public WireLimits Limits => limits;

    public LoopClock Clock => clock;

    public IInletDoors Doors => doors;

    /// <summary>Keeps the changes of each inlet, by its name.</summary>
    public ILinkChanges Changes => changes;

    public ILogger Logger => logger;

    public WakeUps WakeUps { get; } = new(clock);

    /// <summary>An id that no other conversation of this gateway has, in any run.</summary>
    public string NextConversation() => string.Create(CultureInfo.InvariantCulture, $"{_run}-{++_lastConversation}");
}
