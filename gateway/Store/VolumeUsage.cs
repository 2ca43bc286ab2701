namespace Gateway.Store;

/// <summary>
/// How much of each volume is still needed: the messages that it holds of queues and dead letters. A volume begins with a group and ends before the
/// next one's first. Owned by the store's thread.
/// </summary>
internal sealed class VolumeUsage
{
    private readonly List<Usage> _volumes = [];

    /// <summary>A volume that begins with this group; they are added in order.</summary>
    public void Add(long firstGroup)
    {
        Invariant.Require(_volumes.Count == 0 || firstGroup > _volumes[^1].FirstGroup, "volumes are added in order");
        _volumes.Add(new Usage(firstGroup));
    }

    public void Remove(long firstGroup) => _volumes.RemoveAll(volume => volume.FirstGroup == firstGroup);

    /// <summary>About the bytes of all messages that are kept.</summary>
    public long KeptBytes { get; private set; }

    public void Keep(long group, long messages, long bytes)
    {
        var volume = Of(group);
        volume.Messages += messages;
        volume.Bytes += bytes;
        KeptBytes += bytes;
    }

    public void Release(long group, long messages, long bytes) => Keep(group, -messages, -bytes);

    /// <summary>Messages kept in the volume that begins with this group, and about their bytes.</summary>
    public (long Messages, long Bytes) Of(VolumeInfo volume)
    {
        var usage = Of(volume.FirstGroup);
        return (usage.Messages, usage.Bytes);
    }

    private Usage Of(long group)
    {
        var index = _volumes.Count - 1;
        while (index >= 0 && _volumes[index].FirstGroup > group) index--;
        Invariant.Require(index >= 0, "every group lies in a volume");
        return _volumes[index];
    }

    private sealed class Usage(long firstGroup)
    {
        public long FirstGroup { get; } = firstGroup;

        public long Messages { get; set; }

        public long Bytes { get; set; }
    }
}
