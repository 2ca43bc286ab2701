using Spectre.Console;

namespace Gateway.Cli.Shell;

/// <summary>A cell, coloured where colours are shown; the word says the same.</summary>
internal readonly struct ListingCell(string? text, Color? colour = null)
{
    public string Text { get; } = ForeignText.Plain(text);

    public static implicit operator ListingCell(string? text) => new(text);

    public Style Style(Style usual) => colour is { } seen ? new Style(foreground: seen) : usual;
}
