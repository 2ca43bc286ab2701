namespace Gateway.Store;

/// <summary>What the store is told by the configuration.</summary>
internal sealed record StoreSettings
{
    /// <summary>How many accepted message ids are remembered.</summary>
    public int AcceptedIdsMax { get; init; } = 500_000;

    /// <summary>For how long.</summary>
    public TimeSpan AcceptedIdsAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>A snapshot is written after this many bytes of groups.</summary>
    public long SnapshotBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Or after this many groups.</summary>
    public int SnapshotGroups { get; init; } = 4096;

    /// <summary>A new volume is begun when the newest has reached this size.</summary>
    public long VolumeBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Bytes of groups kept in memory for readers.</summary>
    public int ReadCacheBytes { get; init; } = 8 * 1024 * 1024;
}
