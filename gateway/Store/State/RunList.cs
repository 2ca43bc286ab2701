using System.Buffers.Text;
using System.Globalization;

namespace Gateway.Store.State;

/// <summary>One run of a gateway on its store.</summary>
/// <param name="Number">Greater than in each earlier run.</param>
/// <param name="Incarnation">The random id of the run; in another history of the store, the run with this number has another one.</param>
/// <param name="FirstGroup">The first group of blocks that the run could write.</param>
internal readonly record struct StoreRun(long Number, Guid Incarnation, long FirstGroup);

/// <summary>Whether knowledge about a store lies in the past of that store, according to its own runs.</summary>
internal enum PastVerdict : byte
{
    /// <summary>There was no knowledge.</summary>
    Nothing = 0,

    /// <summary>It belongs to this history.</summary>
    Own = 1,

    /// <summary>It never happened here: this store was restored, or the knowledge comes from a copy that diverged.</summary>
    Foreign = 2,

    /// <summary>It is older than the list of runs, or lies in a part that a repair could not read.</summary>
    Unknown = 3,

    /// <summary>It concerns another store.</summary>
    OtherStore = 4,
}

/// <summary>
/// The last runs on one store, oldest first: its history, against which other gateways' knowledge of it is judged. Two copies of a store
/// share the list up to the copy, and never after it. Immutable.
/// </summary>
internal sealed class RunList
{
    /// <summary>The number of runs kept; this many fit into a note, however long their numbers.</summary>
    public const int Max = 1024;

    public static readonly RunList Empty = new([]);

    private readonly StoreRun[] _runs;

    private RunList(StoreRun[] runs) => _runs = runs;

    public IReadOnlyList<StoreRun> Runs => _runs;

    public long LastNumber => _runs.Length > 0 ? _runs[^1].Number : 0;

    /// <summary>One of the runs is a repair: earlier messages may be missing.</summary>
    public bool HasRepair
    {
        get
        {
            for (var i = 1; i < _runs.Length; i++)
            {
                if (_runs[i].Number > _runs[i - 1].Number + 1) return true;
            }

            return false;
        }
    }

    /// <summary>All runs from that one on are known, and a repair made none of those after it.</summary>
    public bool IsUnbrokenSince(long number)
    {
        if (_runs.Length == 0 || number < _runs[0].Number) return false;
        for (var i = _runs.Length - 1; i > 0 && _runs[i].Number > number; i--)
        {
            if (_runs[i].Number > _runs[i - 1].Number + 1) return false;
        }

        return true;
    }

    /// <summary>Parses the output of <see cref="ToNote"/>; invalid entries are omitted, so that their runs count as unknown.</summary>
    public static RunList Parse(string? note)
    {
        var runs = new List<StoreRun>();
        foreach (var entry in (note ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (TryParse(entry, out var run) && (runs.Count == 0 || run.Number > runs[^1].Number)) runs.Add(run);
        }

        return new RunList([.. runs.TakeLast(Max)]);
    }

    public string ToNote() => string.Join(',', _runs.Select(run => string.Create(
        CultureInfo.InvariantCulture, $"{run.Number} {Base64Url.EncodeToString(run.Incarnation.ToByteArray())} {run.FirstGroup}")));

    /// <summary>The list with one more run.</summary>
    public RunList With(StoreRun run)
    {
        Invariant.Require(run.Number > LastNumber, "a run has a greater number than those before it");
        return new RunList([.. _runs.TakeLast(Max - 1), run]);
    }

    /// <summary>
    /// Like <see cref="Judge"/>, for a run that has sent messages up to that group. The run after a gap is a repair's: it restarted the
    /// groups, and its numbers are above all that can have been assigned, so earlier groups prove nothing.
    /// </summary>
    public PastVerdict JudgeSender(long number, Guid incarnation, long group)
    {
        var index = Array.FindIndex(_runs, run => run.Number > number);
        return Judge(number, incarnation, index >= 0 && _runs[index].Number > number + 1 ? 0 : group);
    }

    /// <summary>Whether that run, having reached at least that group, belongs to this history.</summary>
    public PastVerdict Judge(long number, Guid incarnation, long group)
    {
        if (_runs.Length == 0) return PastVerdict.Unknown;
        if (number > LastNumber) return PastVerdict.Foreign;
        var index = Array.FindIndex(_runs, run => run.Number >= number);
        var found = _runs[index];
        if (found.Number == number && found.Incarnation != incarnation) return PastVerdict.Foreign;

        // Groups that the run wrote beyond the beginning of the next run were lost in a restoration.
        var next = found.Number == number ? index + 1 : index;
        if (next < _runs.Length && group >= _runs[next].FirstGroup) return PastVerdict.Foreign;
        return found.Number == number ? PastVerdict.Own : PastVerdict.Unknown;
    }

    private static bool TryParse(string entry, out StoreRun run)
    {
        run = default;
        var parts = entry.Split(' ');
        var incarnation = new byte[16];
        if (parts.Length != 3
            || !long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || parts[1].Length != Base64Url.GetEncodedLength(incarnation.Length)
            || !Base64Url.TryDecodeFromChars(parts[1], incarnation, out var written)
            || written != incarnation.Length
            || !long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var group)) return false;
        run = new StoreRun(number, new Guid(incarnation), group);
        return number > 0;
    }
}
