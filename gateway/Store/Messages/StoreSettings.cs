namespace Gateway.Store.Messages;

/// <summary>The configuration of the store.</summary>
internal sealed record StoreSettings
{
    /// <summary>
    /// The disk space reserved in files of its own, so that a full store can be started, drained and purged although other programs have
    /// taken the rest: a megabyte for the newest volume to grow, the next volume with its log and a megabyte of completions, and one more
    /// volume before the one in between is dropped and returns its space. A long snapshot adds to it.
    /// </summary>
    public const long KeptBackBytes = 16 * 1024 * 1024;

    /// <summary>The number of accepted message ids remembered.</summary>
    public int AcceptedIdsMax { get; init; } = 500_000;

    /// <summary>How long they are remembered, in running time.</summary>
    public TimeSpan AcceptedIdsAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A snapshot is written after this many bytes of groups.</summary>
    public long SnapshotBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Or after this many groups.</summary>
    public int SnapshotGroups { get; init; } = 4096;

    /// <summary>The most non-empty queues.</summary>
    public int QueuesMax { get; init; } = 100_000;

    /// <summary>Non-empty queues that the messages of one peer may have created.</summary>
    public int PeerQueuesMax { get; init; } = 20_000;

    /// <summary>
    /// Non-empty queues that the messages of one application may have created since the store was opened; without tokens all applications
    /// count as one.
    /// </summary>
    public int ApplicationQueuesMax { get; init; } = 50_000;

    /// <summary>Empty queues still remembered; beyond this number, those empty longest are forgotten.</summary>
    public int EmptyQueuesKept { get; init; } = 256;

    /// <summary>The most messages in one queue.</summary>
    public long QueueMessagesMax { get; init; } = 10_000_000;

    /// <summary>The most bytes in one queue.</summary>
    public long QueueBytesMax { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>The most bytes in all queues and dead letters.</summary>
    public long StoreBytesMax { get; init; } = 16L * 1024 * 1024 * 1024;

    /// <summary>
    /// The disk space that must stay free for new messages to be accepted: room to drain, to clean up, and for other programs.
    /// </summary>
    public long DiskReserveBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>A new volume is begun when the newest has reached this size.</summary>
    public long VolumeBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of groups cached for readers.</summary>
    public int ReadCacheBytes { get; init; } = 8 * 1024 * 1024;
}
