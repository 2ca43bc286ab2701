using System.Numerics;

namespace Gateway.Store;

/// <summary>
/// A run of consecutive numbers of one queue that lie in one group, and which of them are still in the queue. This is all that memory holds of waiting
/// messages: some tens of bytes a group, not a message.
/// </summary>
internal sealed class Extent(long group, long first)
{
    private ulong[]? _gone;

    public long Group { get; private set; } = group;

    public long First { get; } = first;

    public int Count { get; private set; }

    public int Live { get; private set; }

    /// <summary>Bytes of the live messages; after a removal from among messages of different sizes an estimate, exact again when all are gone.</summary>
    public long LiveBytes { get; private set; }

    /// <summary>No live message expires before this time; <see cref="long.MaxValue"/> if none expires.</summary>
    public long EarliestExpiryUnixMs { get; set; } = long.MaxValue;

    public long Last => First + Count - 1;

    public void Add(long number, int sizeBytes, long expiresUnixMs)
    {
        Invariant.Require(number == First + Count, "an extent grows by consecutive numbers");
        Count++;
        Live++;
        LiveBytes += sizeBytes;
        if (expiresUnixMs != 0) EarliestExpiryUnixMs = Math.Min(EarliestExpiryUnixMs, expiresUnixMs);
        if (_gone is not null && Count > _gone.Length * 64) Array.Resize(ref _gone, _gone.Length + 1);
    }

    /// <summary>The live messages were written again into another group; their bytes are known exactly with that.</summary>
    public void MoveTo(long group, long liveBytes)
    {
        Group = group;
        LiveBytes = liveBytes;
    }

    public bool IsLive(long number)
    {
        var index = number - First;
        return index >= 0 && index < Count && (_gone is null || (_gone[index / 64] & (1UL << (int)(index % 64))) == 0);
    }

    /// <summary>Takes a live number out; gives the bytes that it accounted for.</summary>
    public long Remove(long number)
    {
        Invariant.Require(IsLive(number), "only a live message is removed");
        var index = number - First;
        _gone ??= new ulong[(Count + 63) / 64];
        _gone[index / 64] |= 1UL << (int)(index % 64);
        var bytes = LiveBytes / Live;
        LiveBytes -= bytes;
        Live--;

        return bytes;
    }

    public IEnumerable<long> LiveNumbers()
    {
        for (var number = First; Live > 0 && number <= Last; number++)
        {
            if (IsLive(number)) yield return number;
        }
    }

    /// <summary>The bitmap of gone numbers, for a snapshot; empty when none is gone.</summary>
    public ReadOnlySpan<ulong> GoneBits => _gone;

    /// <summary>An extent as a snapshot had it.</summary>
    public static Extent Restore(long group, long first, int count, long liveBytes, long earliestExpiryUnixMs, ulong[]? gone)
    {
        var goneCount = 0;
        foreach (var word in gone ?? []) goneCount += BitOperations.PopCount(word);
        return new Extent(group, first)
        {
            Count = count,
            Live = count - goneCount,
            LiveBytes = liveBytes,
            EarliestExpiryUnixMs = earliestExpiryUnixMs,
            _gone = gone,
        };
    }
}
