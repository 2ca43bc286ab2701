using System.Buffers.Text;
using System.Globalization;

namespace Gateway.Store;

/// <summary>One run of a gateway on its store.</summary>
/// <param name="Number">Greater than in each run before it.</param>
/// <param name="Incarnation">The random id of the run; in another history of the store, the run of this number has another one.</param>
/// <param name="FirstGroup">The first group of blocks that the run could write.</param>
internal readonly record struct StoreRun(long Number, Guid Incarnation, long FirstGroup);

/// <summary>Whether something that is known of a store lies in the past of that store, as its own runs tell.</summary>
internal enum PastVerdict : byte
{
    /// <summary>Nothing was known.</summary>
    Nothing = 0,

    /// <summary>It is a part of this history.</summary>
    Own = 1,

    /// <summary>It never happened here: this store was put back, or what is known comes from a copy that went another way.</summary>
    Foreign = 2,

    /// <summary>It is older than the list of runs, or from a part that a repair could not read.</summary>
    Unknown = 3,

    /// <summary>It is about another store.</summary>
    OtherStore = 4,
}

/// <summary>
/// The last runs on one store, oldest first: its history, against which others' knowledge of it is judged. Two copies of a store have the
/// same list up to the copy, and never after it. Immutable.
/// </summary>
internal sealed class RunList
{
    /// <summary>So many are kept; so many fit into a note, however long their numbers are.</summary>
    public const int Max = 1024;

    public static readonly RunList Empty = new([]);

    private readonly StoreRun[] _runs;

    private RunList(StoreRun[] runs) => _runs = runs;

    public IReadOnlyList<StoreRun> Runs => _runs;

    public long LastNumber => _runs.Length > 0 ? _runs[^1].Number : 0;

    /// <summary>A repair has made one of the runs: messages that were there before it may be missing.</summary>
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

    /// <summary>The list as <see cref="ToNote"/> wrote it; what does not fit is left out, so that its runs count as unknown.</summary>
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

    /// <summary>The list with one run more.</summary>
    public RunList With(StoreRun run)
    {
        Invariant.Require(run.Number > LastNumber, "a run has a greater number than those before it");
        return new RunList([.. _runs.TakeLast(Max - 1), run]);
    }

    /// <summary>
    /// As <see cref="Judge"/>, of a run that has sent messages up to that group. The run after a gap is a repair's: it began the groups
    /// anew, and its numbers are above all that can have been given, so the groups before it tell nothing.
    /// </summary>
    public PastVerdict JudgeSender(long number, Guid incarnation, long group)
    {
        var index = Array.FindIndex(_runs, run => run.Number > number);
        return Judge(number, incarnation, index >= 0 && _runs[index].Number > number + 1 ? 0 : group);
    }

    /// <summary>Whether that run, having come to that group at least, is one of this history.</summary>
    public PastVerdict Judge(long number, Guid incarnation, long group)
    {
        if (_runs.Length == 0) return PastVerdict.Unknown;
        if (number > LastNumber) return PastVerdict.Foreign;
        var index = Array.FindIndex(_runs, run => run.Number >= number);
        var found = _runs[index];
        if (found.Number == number && found.Incarnation != incarnation) return PastVerdict.Foreign;

        // What the run wrote after the next one began where it had not come yet was put back.
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
