using System.Globalization;
using Spectre.Console;

namespace Gateway.Benchmarks;

/// <summary>
/// The figures of one benchmark: each a name, a unit and a value from every round, and perhaps the limits that it is compared to, which are
/// figures of the same rounds.
/// </summary>
internal sealed class Scoreboard(string title)
{
    private readonly List<Figure> _figures = [];

    public void Add(string name, string unit, double value, params IReadOnlyList<string> limits)
    {
        var figure = _figures.Find(known => known.Name == name && known.Unit == unit);
        if (figure is null) _figures.Add(figure = new Figure(name, unit, limits));
        figure.Values.Add(value);
    }

    public void Print()
    {
        var table = new Table().Title(title).Border(TableBorder.Simple);
        table.AddColumns("", "unit");
        foreach (var column in new[] { "median", "lowest", "highest" }) table.AddColumn(new TableColumn(column).RightAligned());
        table.AddColumn("of the limit");
        foreach (var figure in _figures)
        {
            table.AddRow(
                figure.Name,
                figure.Unit,
                Number(figure.Values.Median),
                Number(figure.Values.Lowest),
                Number(figure.Values.Highest),
                string.Join(", ", RatiosOf(figure).Select(
                    ratio => $"{ratio.Value.ToString("0.00", CultureInfo.InvariantCulture)} of {ratio.Key}")));
        }

        AnsiConsole.Write(table);
    }

    /// <summary>For a file of JSON.</summary>
    public IReadOnlyList<object> Figures() => [.. _figures.Select(figure => new
    {
        name = figure.Name,
        unit = figure.Unit,
        median = figure.Values.Median,
        lowest = figure.Values.Lowest,
        highest = figure.Values.Highest,
        rounds = figure.Values.Count,
        ofLimits = RatiosOf(figure),
    })];

    /// <summary>
    /// To each limit that was measured too: the median of the ratios within each round, so that what slows a whole round down does not
    /// count.
    /// </summary>
    private Dictionary<string, double> RatiosOf(Figure figure) => figure.Limits
        .SelectMany(limit => _figures.Where(other => other.Name == limit).Take(1))
        .ToDictionary(limit => limit.Name, limit => figure.Values.MedianRatioTo(limit.Values));

    private static string Number(double value) =>
        value.ToString(value switch { < 1 => "0.000", < 100 => "0.0", _ => "N0" }, CultureInfo.InvariantCulture);

    private sealed record Figure(string Name, string Unit, IReadOnlyList<string> Limits)
    {
        public Measurement Values { get; } = new();
    }
}
