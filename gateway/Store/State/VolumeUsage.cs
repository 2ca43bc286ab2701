using Gateway.Store.Records;

namespace Gateway.Store.State;

/// <summary>
/// The part of each volume still needed: its messages of queues and dead letters. A volume begins with a group and ends before the first
/// group of the next. Owned by the store's thread.
/// </summary>
internal sealed class VolumeUsage
{
    /// <summary>
    /// The first entry stands for dropped volumes: while a store is being opened, a snapshot may still count messages that later records
    /// remove from them.
    /// </summary>
    private readonly List<Usage> _volumes = [new Usage(firstGroup: 0)];

    /// <summary>Adds a volume that begins with this group; volumes are added in order.</summary>
    public void Add(long firstGroup)
    {
        Invariant.Require(firstGroup > _volumes[^1].FirstGroup, "volumes are added in order");
        _volumes.Add(new Usage(firstGroup));
    }

    public void Remove(long firstGroup) => _volumes.RemoveAll(volume => volume.FirstGroup == firstGroup);

    /// <summary>Messages attributed to volumes that do not exist.</summary>
    public long MissingMessages => _volumes[0].Messages;

    /// <summary>The approximate bytes of all messages kept.</summary>
    public long KeptBytes { get; private set; }

    public void Keep(long group, long messages, long bytes)
    {
        var volume = Of(group);
        volume.Messages += messages;
        volume.Bytes += bytes;
        KeptBytes += bytes;
    }

    public void Release(long group, long messages, long bytes) => Keep(group, -messages, -bytes);

    /// <summary>The messages kept in the volume that begins with this group, and their approximate bytes.</summary>
    public (long Messages, long Bytes) Of(VolumeInfo volume)
    {
        var usage = Of(volume.FirstGroup);
        return (usage.Messages, usage.Bytes);
    }

    /// <summary>The remains of a damaged group may be needed again: its volume stays as it is.</summary>
    public void Quarantine(long group) => Of(group).IsQuarantined = true;

    /// <summary>The volume holds a damaged group.</summary>
    public bool IsQuarantined(VolumeInfo volume) => Of(volume.FirstGroup).IsQuarantined;

    private Usage Of(long group)
    {
        // Usually the newest; there may be thousands.
        var (low, high) = (0, _volumes.Count - 1);
        if (_volumes[high].FirstGroup <= group) return _volumes[high];
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_volumes[middle].FirstGroup <= group) low = middle;
            else high = middle - 1;
        }

        return _volumes[low];
    }

    private sealed class Usage(long firstGroup)
    {
        public long FirstGroup { get; } = firstGroup;

        public bool IsQuarantined { get; set; }

        public long Messages { get; set; }

        public long Bytes { get; set; }
    }
}
