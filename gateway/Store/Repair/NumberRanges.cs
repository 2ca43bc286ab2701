using System.Globalization;

namespace Gateway.Store.Repair;

/// <summary>A set of numbers as ascending runs, written for people as <c>3, 5-9</c>.</summary>
internal sealed class NumberRanges
{
    private readonly List<(long First, long Last)> _runs = [];

    public IReadOnlyList<(long First, long Last)> Runs => _runs;

    public long Count => _runs.Sum(run => run.Last - run.First + 1);

    public bool IsEmpty => _runs.Count == 0;

    /// <summary>Adds a run at any place; existing numbers stay.</summary>
    public void Add(long first, long last)
    {
        if (first > last) return;
        var merged = _runs.Where(run => run.Last >= first - 1 && run.First <= last + 1).ToList();
        foreach (var run in merged) (first, last) = (Math.Min(first, run.First), Math.Max(last, run.Last));
        _runs.RemoveAll(merged.Contains);
        var index = _runs.FindIndex(run => run.First > last);
        _runs.Insert(index < 0 ? _runs.Count : index, (first, last));
    }

    public void RemoveUpTo(long number) => Cut(long.MinValue, number);

    public void Remove(long number) => Cut(number, number);

    public bool Contains(long number) => _runs.Exists(run => number >= run.First && number <= run.Last);

    public override string ToString() =>
        string.Join(", ", _runs.Select(run => run.First == run.Last ? run.First.ToString(
            CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{run.First}-{run.Last}")));

    private void Cut(long first, long last)
    {
        for (var i = _runs.Count - 1; i >= 0; i--)
        {
            var run = _runs[i];
            if (run.Last < first || run.First > last) continue;
            _runs.RemoveAt(i);
            if (run.Last > last) _runs.Insert(i, (last + 1, run.Last));
            if (run.First < first) _runs.Insert(i, (run.First, first - 1));
        }
    }
}
