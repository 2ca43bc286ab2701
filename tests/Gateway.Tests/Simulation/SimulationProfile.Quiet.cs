using Gateway.Inbox;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;

namespace Gateway.Tests.Simulation;

internal sealed partial record SimulationProfile
{
    /// <summary>Two gateways, to which nothing happens by itself: for scenarios.</summary>
    public static SimulationProfile Quiet() => new()
    {
        Gateways = ["a", "b"],
        HasCopies = false,
        HasSetBacks = false,
        HasDisks = false,
        HasLimits = false,
        HasSmallQueues = false,
        HasFewQueues = false,
        HasClockJumps = false,
        HasExpiries = true,
        HasOperators = false,
        LosesFrames = false,
        SlowStore = null,
        Delay = TimeSpan.Zero,
        Steps = 0,
        FaultEvery = int.MaxValue,
        MessagesPerProducer = 0,
        BodyBytesMax = 60,
        Store = new StoreSettings { AcceptedIdsAge = TimeSpan.FromSeconds(20) },
        Links = new LinkSettings
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            DeadAfter = TimeSpan.FromSeconds(1),
            AckTimeout = TimeSpan.FromSeconds(2),
            HandshakeTimeout = TimeSpan.FromMilliseconds(800),
            BackoffMax = TimeSpan.FromMilliseconds(500),
            BatchBytes = 4000,
            Limits = new LinkLimits(4000, 5000, 50),
        },
        Inbox = new InboxSettings
        {
            Lease = TimeSpan.FromSeconds(3),
            DeliveriesMax = 1000,
            HeldMessagesMax = 40,
            HeldBytesMax = 8000,
        },
    };
}
