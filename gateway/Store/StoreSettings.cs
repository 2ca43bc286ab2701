namespace Gateway.Store;

/// <summary>What the store is told by the configuration.</summary>
internal sealed record StoreSettings
{
    /// <summary>
    /// What is really kept back on the disk, in files of its own, so that a store which was full can be started, drained and purged though
    /// somebody else has taken all the rest: a megabyte for the newest volume to grow; a next one with its log and a megabyte of
    /// completions; and one more, before the one in between is dropped and gives all that back. A long snapshot adds to it.
    /// </summary>
    public const long KeptBackBytes = 16 * 1024 * 1024;

    /// <summary>How many accepted message ids are remembered.</summary>
    public int AcceptedIdsMax { get; init; } = 500_000;

    /// <summary>For how long.</summary>
    public TimeSpan AcceptedIdsAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A snapshot is written after this many bytes of groups.</summary>
    public long SnapshotBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Or after this many groups.</summary>
    public int SnapshotGroups { get; init; } = 4096;

    /// <summary>Queues that may hold something.</summary>
    public int QueuesMax { get; init; } = 100_000;

    /// <summary>Queues that may hold something and were made by the messages of one peer.</summary>
    public int PeerQueuesMax { get; init; } = 20_000;

    /// <summary>
    /// Queues that may hold something and were made by the messages of one application since the store was opened; without tokens all
    /// applications are one.
    /// </summary>
    public int ApplicationQueuesMax { get; init; } = 50_000;

    /// <summary>Empty queues that are still known; of more, those that have been empty for longest are forgotten.</summary>
    public int EmptyQueuesKept { get; init; } = 256;

    /// <summary>Messages that one queue may hold.</summary>
    public long QueueMessagesMax { get; init; } = 10_000_000;

    /// <summary>Bytes that one queue may hold.</summary>
    public long QueueBytesMax { get; init; } = 4L * 1024 * 1024 * 1024;

    /// <summary>Bytes that all queues and dead letters may hold.</summary>
    public long StoreBytesMax { get; init; } = 16L * 1024 * 1024 * 1024;

    /// <summary>What must stay free on the disk for new messages to be taken: room to drain, to clean up, and for others.</summary>
    public long DiskReserveBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>A new volume is begun when the newest has reached this size.</summary>
    public long VolumeBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of groups kept in memory for readers.</summary>
    public int ReadCacheBytes { get; init; } = 8 * 1024 * 1024;
}
