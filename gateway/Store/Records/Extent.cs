using System.Numerics;

namespace Gateway.Store.Records;

/// <summary>
/// A run of consecutive numbers of one queue in one group, and which of them are still in the queue. Memory holds nothing else of waiting
/// messages: 32 bytes per run, not per message. A value type: a queue returns copies, and only the queue itself changes its own.
/// </summary>
internal struct Extent(long group, long first)
{
    /// <summary>Data that most runs do not need: gone numbers and expiries.</summary>
    private Marks? _marks;

    private int _liveBytes;

    public long Group { get; private set; } = group;

    public long First { get; } = first;

    public int Count { get; private set; }

    public readonly int Live => _marks?.Live ?? Count;

    /// <summary>
    /// Bytes of the live messages. After removing one of several messages of different sizes it is an estimate, exact again once all are
    /// gone.
    /// </summary>
    public readonly long LiveBytes => _liveBytes;

    /// <summary>No live message expires before this time; <see cref="long.MaxValue"/> if none expires.</summary>
    public readonly long EarliestExpiryUnixMs => _marks?.EarliestExpiryUnixMs ?? long.MaxValue;

    public readonly long Last => First + Count - 1;

    /// <summary>The bitmap of gone numbers, for a snapshot; empty if none is gone.</summary>
    public readonly ReadOnlySpan<ulong> GoneBits => _marks?.Gone;

    public void Add(long number, int sizeBytes, long expiresUnixMs)
    {
        Invariant.Require(number == First + Count, "an extent grows by consecutive numbers");
        Count++;
        _liveBytes = checked(_liveBytes + sizeBytes);
        if (_marks is not null) _marks.Live++;
        if (expiresUnixMs != 0) NoteExpiry(Math.Min(EarliestExpiryUnixMs, expiresUnixMs));
        if (_marks?.Gone is { } gone && Count > gone.Length * 64) _marks.Gone = [.. gone, 0];
    }

    /// <summary>The live messages were rewritten into another group; their bytes are then known exactly.</summary>
    public void MoveTo(long group, long liveBytes)
    {
        Group = group;
        _liveBytes = checked((int)liveBytes);
    }

    /// <summary>No live message expires before this time; <see cref="long.MaxValue"/> if none expires any more.</summary>
    public void NoteExpiry(long earliestUnixMs)
    {
        if (earliestUnixMs != EarliestExpiryUnixMs) Marked().EarliestExpiryUnixMs = earliestUnixMs;
    }

    public readonly bool IsLive(long number)
    {
        var index = number - First;
        return index >= 0 && index < Count && (_marks?.Gone is not { } gone || (gone[index / 64] & (1UL << (int)(index % 64))) == 0);
    }

    /// <summary>Removes a live number; returns the bytes attributed to it.</summary>
    public long Remove(long number)
    {
        Invariant.Require(IsLive(number), "only a live message is removed");
        var index = number - First;
        var bytes = _liveBytes / Live;
        var marks = Marked();
        marks.Gone ??= new ulong[(Count + 63) / 64];
        marks.Gone[index / 64] |= 1UL << (int)(index % 64);
        marks.Live--;
        _liveBytes -= bytes;
        return bytes;
    }

    public readonly IEnumerable<long> LiveNumbers()
    {
        for (var number = First; Live > 0 && number <= Last; number++)
        {
            if (IsLive(number)) yield return number;
        }
    }

    /// <summary>Restores an extent from a snapshot.</summary>
    public static Extent Restore(long group, long first, int count, long liveBytes, long earliestExpiryUnixMs, ulong[]? gone)
    {
        var extent = new Extent(group, first) { Count = count, _liveBytes = checked((int)liveBytes) };
        extent.NoteExpiry(earliestExpiryUnixMs);
        if (gone is null) return extent;

        var marks = extent.Marked();
        marks.Gone = gone;
        foreach (var word in gone) marks.Live -= BitOperations.PopCount(word);
        return extent;
    }

    private Marks Marked() => _marks ??= new Marks { Live = Count };

    private sealed class Marks
    {
        public ulong[]? Gone { get; set; }

        public int Live { get; set; }

        public long EarliestExpiryUnixMs { get; set; } = long.MaxValue;
    }
}
