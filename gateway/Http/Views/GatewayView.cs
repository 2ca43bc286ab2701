using Gateway.Links;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>The gateway at a glance.</summary>
internal sealed record GatewayView
{
    public required string Name { get; init; }

    /// <summary>The current run of the gateway.</summary>
    public required Guid Incarnation { get; init; }

    /// <summary>The version of the program that runs; null for one that does not tell.</summary>
    public string? Version { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The time of this snapshot.</summary>
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LinkView> Peers { get; init; }

    /// <summary>The inlets, by name.</summary>
    public IReadOnlyList<InletView> Inlets { get; init; } = [];

    /// <summary>The outlets, by name.</summary>
    public IReadOnlyList<OutletView> Outlets { get; init; } = [];

    /// <summary>Up to 500 queues: those with the most messages, and those paused or under an operation.</summary>
    public required IReadOnlyList<QueueView> Queues { get; init; }

    /// <summary>The number of queues not among them; a listing of queues shows all, page by page.</summary>
    public int Unlisted { get; init; }

    /// <summary>The sum over all outgoing queues, listed or not.</summary>
    public required QueueSum Outgoing { get; init; }

    /// <summary>The sum over all inbound queues.</summary>
    public required QueueSum Inbound { get; init; }

    /// <summary>
    /// The longest time that the gateway's loop was busy without interruption in the last minute or two: a pause of this gateway, not of
    /// the network.
    /// </summary>
    public double LoopTurnMaxSeconds { get; init; }

    public required int DeadLetters { get; init; }

    /// <summary>Messages removed from their queues because they could not be read.</summary>
    public required long Damaged { get; init; }

    /// <summary>Bytes of stored messages and dead letters.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>The free disk space at the last check.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>
    /// Why the disk prevents the gateway from accepting messages; null if it does not. Stored messages continue to drain.
    /// </summary>
    public string? DiskObstacle { get; init; }

    /// <summary>The time since when the disk has prevented it.</summary>
    public DateTimeOffset? DiskObstacleSince { get; init; }

    /// <summary>Counters of connections accepted, refused and closed, by name.</summary>
    public required IReadOnlyDictionary<string, long> Connections { get; init; }

    /// <summary>
    /// Since when the store has answered nothing; null while it answers. Figures of queues and of the store are then older.
    /// </summary>
    public DateTimeOffset? StoreStalledSince { get; init; }

    /// <summary>Log lines dropped because nobody read the standard output, or the log file took none.</summary>
    public required long LogLinesDropped { get; init; }

    /// <summary>Spans dropped because the collector did not accept them in time.</summary>
    public required long SpansDropped { get; init; }

    /// <summary>Exports of metrics that the collector did not accept.</summary>
    public required long MetricExportsFailed { get; init; }

    /// <summary>Requests of HTTP with a token that is not known, since the start.</summary>
    public long TokensRefused { get; init; }

    /// <summary>Hellos of applications with a token that is not known, in the local protocol.</summary>
    public long ApplicationsRefused { get; init; }

    /// <summary>Attempts to sign in at the dashboard with such a token.</summary>
    public long SignInsRefused { get; init; }

    /// <summary>The certificate shown to peers; null without TLS.</summary>
    public OwnCertificate? Certificate { get; init; }

    /// <summary>The configuration in the files, compared with the one in force.</summary>
    public ConfigurationStanding Configuration { get; init; } = ConfigurationStanding.AsStarted;

    public static GatewayView Of(GatewayState state, Unseen unseen) => new()
    {
        Name = state.Name,
        Incarnation = state.Incarnation,
        Version = ProgramVersion.Text,
        StartedAt = state.StartedAt.ToUniversalTime(),
        Now = state.Now.ToUniversalTime(),
        Peers = [.. state.Links.Select(link => LinkView.Of(link, state.Now))],
        Inlets = [.. state.Inlets.Select(InletView.Of)],
        Outlets = [.. state.Outlets.Select(outlet => OutletView.Of(outlet, state.Now))],
        Queues = [.. state.Queues.Select(queue => QueueView.Of(queue, state.Now))],
        Unlisted = state.Unlisted,
        Outgoing = state.Outgoing,
        Inbound = state.Inbound,
        LoopTurnMaxSeconds = state.LongestTurn.TotalSeconds,
        DeadLetters = state.DeadLetters,
        Damaged = state.Damaged,
        StoredBytes = state.StoredBytes,
        FreeBytes = state.FreeBytes,
        DiskObstacle = state.DiskObstacle?.Why,
        DiskObstacleSince = state.DiskObstacle?.Since.ToUniversalTime(),
        Connections = state.Connections,
        ApplicationsRefused = state.ApplicationsRefused,
        StoreStalledSince = state.StoreStalledSince?.ToUniversalTime(),
        LogLinesDropped = unseen.LogLines,
        SpansDropped = unseen.Spans,
        MetricExportsFailed = unseen.MetricExports,
        Certificate = state.Certificate,
        Configuration = state.Configuration,
    };
}
