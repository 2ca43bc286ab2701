using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Shell;

/// <summary>Tables that are readable on a screen and easy to split into columns: no borders, figures aligned right.</summary>
internal static class Listing
{
    /// <param name="columns">A leading minus marks a column of figures, a leading plus one of words that may wrap.</param>
    public static Table Create(params IEnumerable<string> columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var name in columns)
        {
            var column = new TableColumn(new Text(name.TrimStart('-', '+'), new Style(decoration: Decoration.Bold)))
            { NoWrap = !name.StartsWith('+'), Padding = new Padding(0, 0, 2, 0) };
            table.AddColumn(name.StartsWith('-') ? column.RightAligned() : column);
        }

        return table;
    }

    public static void Add(this Table table, params IEnumerable<string?> cells) =>
        table.AddRow(cells.Select(IRenderable (cell) => Cell(cell)));

    /// <summary>A cell, coloured where colours are shown; the word says the same.</summary>
    public static Text Cell(string? text, Color? colour = null) =>
        new(Figures.Plain(text), colour is { } seen ? new Style(foreground: seen) : Style.Plain);

    /// <summary>Lists names and their values; empty values are left out.</summary>
    public static Table Facts(params IEnumerable<(string Name, string? Value)> facts)
    {
        var table = new Table().Border(TableBorder.None).HideHeaders().AddColumn(new TableColumn("")
        { NoWrap = true, Padding = new Padding(0, 0, 2, 0) }).AddColumn(new TableColumn("") { Padding = new Padding(0) });
        foreach (var (name, value) in facts.Where(fact => !string.IsNullOrEmpty(fact.Value)))
            table.AddRow(new Text(name, new Style(decoration: Decoration.Bold)), Cell(value));
        return table;
    }
}
