using Gateway.Inbox;
using Gateway.Links;

namespace Gateway.Tests.Simulation;

/// <summary>What kind of world a seed makes: how large, how hostile, how tight its limits.</summary>
internal sealed record SimulationProfile
{
    public required IReadOnlyList<string> Gateways { get; init; }

    public required int Steps { get; init; }

    public required int MessagesPerProducer { get; init; }

    public required int BodyBytesMax { get; init; }

    /// <summary>One step in so many is a fault.</summary>
    public required int FaultEvery { get; init; }

    /// <summary>Connections may lose single frames, which TCP does not do and a socket library might.</summary>
    public required bool LosesFrames { get; init; }

    /// <summary>A gateway whose disk takes its time, so that much is under way to it when something happens; or none.</summary>
    public required string? SlowStore { get; init; }

    public required bool HasExpiries { get; init; }

    /// <summary>Operators pause, resume, purge, redirect, bury and return.</summary>
    public required bool HasOperators { get; init; }

    public required LinkSettings Links { get; init; }

    public required InboxSettings Inbox { get; init; }

    public required int SnapshotGroups { get; init; }

    public static SimulationProfile Draw(Random random) => new()
    {
        Gateways = random.Next(4) == 0 ? ["a", "b", "c"] : ["a", "b"],
        Steps = random.Next(500, 2500),
        MessagesPerProducer = random.Next(10, 80),
        BodyBytesMax = random.Next(3) == 0 ? 3000 : 60,
        FaultEvery = random.Next(15, 150),
        LosesFrames = random.Next(3) == 0,
        SlowStore = random.Next(2) == 0 ? "b" : null,
        HasExpiries = random.Next(2) == 0,
        HasOperators = random.Next(2) == 0,
        SnapshotGroups = random.Next(2) == 0 ? 7 : 4096,
        Links = new LinkSettings
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(200),
            DeadAfter = TimeSpan.FromMilliseconds(random.Next(500, 1500)),
            AckTimeout = TimeSpan.FromMilliseconds(random.Next(1000, 3000)),
            HandshakeTimeout = TimeSpan.FromMilliseconds(800),
            BackoffMax = TimeSpan.FromMilliseconds(500),
            BatchBytes = random.Next(2) == 0 ? 300 : 4000,
            Limits = new LinkLimits(4000, random.Next(1, 5000), random.Next(1, 50)),
        },
        Inbox = new InboxSettings
        {
            Lease = TimeSpan.FromMilliseconds(random.Next(200, 3000)),
            DeliveriesMax = random.Next(2) == 0 ? 4 : 1000,
            HeldMessagesMax = random.Next(1, 40),
            HeldBytesMax = random.Next(1, 8000),
        },
    };
}
