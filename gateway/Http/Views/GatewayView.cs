using Gateway.Links;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>The gateway at one glance.</summary>
internal sealed record GatewayView
{
    public required string Name { get; init; }

    /// <summary>This run of it.</summary>
    public required Guid Incarnation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When this was so.</summary>
    public required DateTimeOffset Now { get; init; }

    public required IReadOnlyList<LinkView> Peers { get; init; }

    /// <summary>Up to 500 of them: those that hold most, and those that are paused or worked on.</summary>
    public required IReadOnlyList<QueueView> Queues { get; init; }

    /// <summary>Queues that are not among them; a listing of queues shows all, page by page.</summary>
    public int Unlisted { get; init; }

    /// <summary>All outgoing queues, listed or not.</summary>
    public required QueueSum Outgoing { get; init; }

    /// <summary>All inbound queues.</summary>
    public required QueueSum Inbound { get; init; }

    /// <summary>
    /// How long the gateway's loop was busy in one go, at most, in the last minute or two: a pause of this gateway, and not of the network.
    /// </summary>
    public double LoopTurnMaxSeconds { get; init; }

    public required int DeadLetters { get; init; }

    /// <summary>Messages that were taken out of their queues because they could not be read.</summary>
    public required long Damaged { get; init; }

    /// <summary>Bytes of messages and dead letters that are kept.</summary>
    public required long StoredBytes { get; init; }

    /// <summary>What the disk has left, as far as it was looked at.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>Why the disk keeps the gateway from taking messages; none if it does not. What is stored drains meanwhile.</summary>
    public string? DiskObstacle { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset? DiskObstacleSince { get; init; }

    /// <summary>Counters of the connections that were taken, refused and cut, by name.</summary>
    public required IReadOnlyDictionary<string, long> Connections { get; init; }

    /// <summary>Lines of the log that were left out, since nobody read the standard output.</summary>
    public required long LogLinesDropped { get; init; }

    /// <summary>Spans that the collector did not take in time.</summary>
    public required long SpansDropped { get; init; }

    /// <summary>Exports of metrics that the collector did not take.</summary>
    public required long MetricExportsFailed { get; init; }

    /// <summary>What peers are shown; none without TLS.</summary>
    public OwnCertificate? Certificate { get; init; }

    public static GatewayView Of(GatewayState state, Unseen unseen) => new()
    {
        Name = state.Name,
        Incarnation = state.Incarnation,
        StartedAt = state.StartedAt.ToUniversalTime(),
        Now = state.Now.ToUniversalTime(),
        Peers = [.. state.Links.Select(link => LinkView.Of(link, state.Now))],
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
        LogLinesDropped = unseen.LogLines,
        SpansDropped = unseen.Spans,
        MetricExportsFailed = unseen.MetricExports,
        Certificate = state.Certificate,
    };
}
