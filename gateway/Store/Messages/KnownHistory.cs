using System.Globalization;

namespace Gateway.Store.Messages;

/// <summary>A point in the history of another gateway's store, up to which this one has relied on it.</summary>
/// <param name="Run">The run on that store.</param>
/// <param name="Group">The last group of blocks known to have made messages of this store durable; 0 if none is.</param>
internal sealed record HistoryPoint(Guid StoreId, long Run, Guid Incarnation, long Group)
{
    /// <summary>The store to which these messages belong: this one, or its former identity.</summary>
    public required Guid Of { get; init; }

    /// <summary>
    /// The tally of the batches of that store's messages that were known to be durable there, over all runs; 0 if that is not known.
    /// </summary>
    public long Batches { get; init; }

    /// <summary>Null if the note is invalid.</summary>
    public static HistoryPoint? Parse(string? note)
    {
        var parts = (note ?? "").Split(' ');
        return parts.Length == 6
            && Guid.TryParse(parts[0], out var storeId)
            && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var run)
            && Guid.TryParse(parts[2], out var incarnation)
            && long.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var group)
            && Guid.TryParse(parts[4], out var of)
            && long.TryParse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture, out var batches)
                ? new HistoryPoint(storeId, run, incarnation, group) { Of = of, Batches = batches } : null;
    }

    public string ToNote() => string.Create(CultureInfo.InvariantCulture, $"{StoreId:N} {Run} {Incarnation:N} {Group} {Of:N} {Batches}");
}

/// <summary>The last run of another gateway's store from which messages were taken, and its name at that time.</summary>
internal sealed record KnownRun(long Run, Guid Incarnation, string Name)
{
    /// <summary>
    /// The highest group of that store of which the run had sent something with the last of these messages; not part of
    /// <see cref="ToNote"/>.
    /// </summary>
    public long Group { get; init; }

    /// <summary>Null if the note is invalid.</summary>
    public static KnownRun? Parse(string? note)
    {
        var parts = (note ?? "").Split(' ');
        return parts.Length == 3
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var run)
            && Guid.TryParse(parts[1], out var incarnation)
            && Names.IsValid(parts[2]) ? new KnownRun(run, incarnation, parts[2]) : null;
    }

    /// <summary>Null if the note is not one of <see cref="ToNoteWithGroup"/>.</summary>
    public static KnownRun? ParseWithGroup(string? note)
    {
        var end = note?.LastIndexOf(' ') ?? -1;
        return end > 0 && Parse(note![..end]) is { } run && long.TryParse(
            note[(end + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var group) ? run with { Group = group } : null;
    }

    public string ToNote() => string.Create(CultureInfo.InvariantCulture, $"{Run} {Incarnation:N} {Name}");

    public string ToNoteWithGroup() => string.Create(CultureInfo.InvariantCulture, $"{ToNote()} {Group}");
}
