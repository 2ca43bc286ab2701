using Gateway.Inbox;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;

namespace Gateway.Tests.Simulation;

/// <summary>The kind of world that a seed makes: its size, its hostility, the tightness of its limits.</summary>
internal sealed partial record SimulationProfile
{
    /// <summary>Most worlds are small, since in a small one more happens to each link.</summary>
    private static readonly int[] _gatewaysOf = [2, 2, 2, 2, 2, 2, 3, 3, 4, 5];
    private static readonly int[] _emptyQueuesKept = [0, 0, 1, 256];

    /// <summary>The gateway that is made of a copy of another one's store, in worlds that have such.</summary>
    public const string CopyName = "z";

    /// <summary>
    /// In one world of so many stores are copied and put back. By the seed and not by chance, so that the other worlds stay as they are.
    /// </summary>
    private const int CopiesOneIn = 6;

    /// <summary>In every other world with copies machines are put back as well.</summary>
    private const int SetBacksOneIn = 12;

    /// <summary>In one world of so many routes spread messages; none of these is one of few queues. By the seed, too.</summary>
    private const int SpreadsOneIn = 5;

    /// <summary>In one world of so many a peer's messages may fill few queues. By the seed, too.</summary>
    private const int FewQueuesOneIn = 5;

    public required IReadOnlyList<string> Gateways { get; init; }

    /// <summary>Stores are copied and put back, and an operator follows the advice that comes of it.</summary>
    public required bool HasCopies { get; init; }

    /// <summary>The gateway whose store is copied to a second one.</summary>
    public string CopyOf => Gateways[0];

    /// <summary>All traffic is that of programs with plain sockets, which the ledger does not know.</summary>
    public bool HasPrograms { get; init; }

    /// <summary>Machines are put back to snapshots, within a run of their gateways.</summary>
    public bool HasSetBacks { get; init; }

    public required int Steps { get; init; }

    public required int MessagesPerProducer { get; init; }

    public required int BodyBytesMax { get; init; }

    /// <summary>One step in so many is a fault.</summary>
    public required int FaultEvery { get; init; }

    /// <summary>Connections may lose single frames, which TCP does not do and a socket library might.</summary>
    public required bool LosesFrames { get; init; }

    /// <summary>A gateway whose disk takes its time, so that much is under way to it when something happens; or none.</summary>
    public required string? SlowStore { get; init; }

    /// <summary>The stores are LiteDB's files on simulated disks, which fail in every way; otherwise blocks in memory.</summary>
    public required bool HasDisks { get; init; }

    /// <summary>The disks have limits, at which the stores drain, are purged, and open.</summary>
    public required bool HasLimits { get; init; }

    /// <summary>Frames take up to so long on every way.</summary>
    public required TimeSpan Delay { get; init; }

    /// <summary>Wall clocks are set forward and back.</summary>
    public required bool HasClockJumps { get; init; }

    /// <summary>Queues are full soon.</summary>
    public required bool HasSmallQueues { get; init; }

    /// <summary>A peer's messages may fill fewer queues than it sends to, so that queues wait for room that they share.</summary>
    public required bool HasFewQueues { get; init; }

    /// <summary>The gateways that have a standby: their stores are in one database, which knows no limits.</summary>
    public IReadOnlyList<string> Standbys { get; init; } = [];

    /// <summary>After this silence a standby takes over.</summary>
    public TimeSpan HoldLease { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So long a database may be away before a process ends.</summary>
    public TimeSpan OutageMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Routes share messages and partition them by keys, and their lists change.</summary>
    public bool HasSpread { get; init; }

    public required bool HasExpiries { get; init; }

    /// <summary>Operators pause, resume, purge, redirect, bury and return.</summary>
    public required bool HasOperators { get; init; }

    public required LinkSettings Links { get; init; }

    public required InboxSettings Inbox { get; init; }

    public required StoreSettings Store { get; init; }

    public static bool HasCopiesAt(int seed) => seed % CopiesOneIn == 1;

    public static bool HasSetBacksAt(int seed) => seed % SetBacksOneIn == SetBacksOneIn - CopiesOneIn + 1;

    public static bool HasFewQueuesAt(int seed) => seed % FewQueuesOneIn == 2;

    /// <summary>A store that is put back forgets where it had sent a message: such worlds are left out.</summary>
    public static bool HasSpreadAt(int seed) => seed % SpreadsOneIn == SpreadsOneIn - 1 && !HasCopiesAt(seed);

    /// <summary>A world of standbys, in which nothing else is done to stores.</summary>
    public static SimulationProfile DrawTakeovers(Random random)
    {
        var profile = Draw(random, hasDisks: false, hasCopies: false, hasFewQueues: false, hasSetBacks: false);
        return profile with
        {
            HasClockJumps = false,
            HasOperators = false,
            Standbys = [.. profile.Gateways.Where((_, index) => index == 0 || random.Next(2) == 0)],
            HoldLease = TimeSpan.FromMilliseconds(random.Next(400, 1500)),
        };
    }

    public static SimulationProfile Draw(Random random, bool hasDisks, bool hasCopies, bool hasFewQueues, bool hasSetBacks)
    {
        var gateways = "abcde"[.._gatewaysOf[random.Next(_gatewaysOf.Length)]].Select(letter => letter.ToString()).ToList();
        var hasSmallQueues = random.Next(4) == 0 && !hasCopies;
        var hasLimits = hasDisks && !hasCopies && random.Next(2) == 0;
        var profile = new SimulationProfile
        {
            Gateways = gateways,
            HasCopies = hasCopies,
            HasSetBacks = hasSetBacks,
            HasDisks = hasDisks,
            HasLimits = hasLimits,
            HasSmallQueues = hasSmallQueues,
            HasFewQueues = false,
            HasClockJumps = random.Next(3) == 0,
            Delay = TimeSpan.FromMilliseconds(random.Next(2) == 0 ? 0 : random.Next(1, 80)),
            Steps = random.Next(250, 1250) * gateways.Count,
            MessagesPerProducer = random.Next(10, 80),
            BodyBytesMax = random.Next(3) == 0 ? 3000 : 60,
            FaultEvery = random.Next(15, 150),
            LosesFrames = random.Next(3) == 0,
            SlowStore = random.Next(2) == 0 ? "b" : null,
            HasExpiries = random.Next(2) == 0,
            HasOperators = random.Next(2) == 0 && !hasCopies,
            Store = new StoreSettings
            {
                SnapshotGroups = random.Next(2) == 0 ? 7 : 4096,
                VolumeBytes = random.Next(3) == 0 ? 30_000 : new StoreSettings().VolumeBytes,
                // Less than clocks are set by, and more than a producer that is answered needs for its repetitions.
                AcceptedIdsAge = TimeSpan.FromSeconds(20),
                EmptyQueuesKept = _emptyQueuesKept[random.Next(_emptyQueuesKept.Length)],
                DiskReserveBytes = hasLimits ? (8 << 20) + StoreSettings.KeptBackBytes : new StoreSettings().DiskReserveBytes,
                QueueMessagesMax = hasSmallQueues ? random.Next(10, 60) : new StoreSettings().QueueMessagesMax,
            },
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

        // Dead letters keep the place of their queue: somebody has to take them away, or others wait for ever.
        var isFew = hasFewQueues && profile.HasOperators && !hasLimits;
        return isFew ? profile with { HasFewQueues = true, Store = profile.Store with { PeerQueuesMax = 1 + random.Next(2) } } : profile;
    }
}
