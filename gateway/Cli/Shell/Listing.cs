using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Shell;

/// <summary>
/// A table that is readable on a screen of any width and easy to split into columns: no borders, figures aligned right. Nothing is cut with
/// dots: less important columns are left out, sentences go below their row, and all others are wrapped.
/// </summary>
internal sealed class Listing : Renderable
{
    private const int Gap = 2;

    /// <summary>A column of sentences that is narrower than this is hard to read.</summary>
    private const int WordsMin = 28;

    private const int BelowIndent = 4;

    private readonly IReadOnlyList<Column> _columns;
    private readonly List<ListingCell[]> _rows = [];

    public Listing(params IEnumerable<Column> columns) => _columns = [.. columns];

    public void Add(params IEnumerable<ListingCell> cells)
    {
        ListingCell[] row = [.. cells];
        Invariant.Require(row.Length == _columns.Count, "a row has a cell for each column");
        _rows.Add(row);
    }

    /// <summary>A line of text in which foreign characters do not steer the terminal.</summary>
    public static Text Line(string? text) => new(ForeignText.Plain(text));

    /// <summary>Lists names and their values; empty values are left out.</summary>
    public static FactList Facts(params IEnumerable<(string Name, string? Value)> facts) => new(facts);

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var layout = Arrange(maxWidth);
        var heading = new Style(decoration: Decoration.Bold);
        foreach (var segment in Row(layout, [.. _columns.Select(column => new ListingCell(column.Name))], heading)) yield return segment;
        foreach (var row in _rows)
        {
            foreach (var segment in Row(layout, row, Style.Plain)) yield return segment;
            if (layout.Below is not { } below || row[below].Text.Length == 0) continue;
            var indent = Math.Min(BelowIndent, maxWidth / 2);
            foreach (var line in FoldedText.Words(row[below].Text, maxWidth - indent))
            {
                yield return new Segment(new string(' ', indent) + line, row[below].Style(Style.Plain));
                yield return Segment.LineBreak;
            }
        }
    }

    private Layout Arrange(int maxWidth)
    {
        var natural = _columns.Select((column, index) => _rows.Select(row => FoldedText.Width(row[index].Text))
            .Append(FoldedText.Width(column.Name)).Max()).ToList();
        var words = Enumerable.Range(0, _columns.Count).Where(index => _columns[index].IsWords).Select(index => (int?)index)
            .FirstOrDefault();
        var shown = Enumerable.Range(0, _columns.Count).Where(index => index != words).ToList();
        var widths = shown.ToDictionary(index => index, index => natural[index]);
        while (Total() > maxWidth && shown.MaxBy(index => _columns[index].GivesWay) is var first && _columns[first].GivesWay > 0)
            shown.Remove(first);
        while (Total() > maxWidth && shown.MaxBy(index => widths[index]) is var widest && widths[widest] > 1) widths[widest]--;
        var left = maxWidth - Total() - Gap;
        if (words is { } last && left >= Math.Min(natural[last], WordsMin))
        {
            shown.Add(last);
            widths[last] = Math.Min(natural[last], left);
            words = null;
        }

        return new Layout([.. shown.Order()], widths, words);

        int Total() => shown.Sum(index => widths[index] + Gap) - Gap;
    }

    private IEnumerable<Segment> Row(Layout layout, ListingCell[] cells, Style style)
    {
        var folded = layout.Shown.Select(index => _columns[index].IsWords
            ? FoldedText.Words(cells[index].Text, layout.Widths[index])
            : FoldedText.Characters(cells[index].Text, layout.Widths[index])).ToList();
        for (var line = 0; line < folded.Max(lines => lines.Count); line++)
        {
            foreach (var (place, index) in layout.Shown.Index())
            {
                var text = line < folded[place].Count ? folded[place][line] : "";
                var space = new string(' ', layout.Widths[index] - FoldedText.Width(text));
                yield return new Segment(_columns[index].IsFigure ? space + text : text + space, cells[index].Style(style));
                if (place < layout.Shown.Count - 1) yield return new Segment(new string(' ', Gap));
            }

            yield return Segment.LineBreak;
        }
    }

    /// <param name="Shown">The columns, in their order.</param>
    /// <param name="Widths">Their widths.</param>
    /// <param name="Below">The column whose cells go below their rows; null for none.</param>
    private sealed record Layout(IReadOnlyList<int> Shown, IReadOnlyDictionary<int, int> Widths, int? Below);
}
