using System.Text;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Shell;

/// <summary>Text in lines of a given width, in columns of the terminal.</summary>
internal static class FoldedText
{
    public static int Width(string text) => new Segment(text).CellCount();

    /// <summary>The lines of a text, each broken between words; what follows a break is indented as the line is.</summary>
    /// <param name="width">The columns of the screen; null for a file or pipe, where no line is broken.</param>
    public static IEnumerable<string> Lines(string text, int? width)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = line.TrimStart(' ');
            var indent = line[..^words.Length];
            if (width is not { } columns || Width(line) <= columns || indent.Length >= columns)
            {
                yield return line;
                continue;
            }

            foreach (var folded in Words(words, columns - indent.Length)) yield return indent + folded;
        }
    }

    /// <summary>Broken between words where possible.</summary>
    public static IReadOnlyList<string> Words(string text, int width)
    {
        if (Width(text) <= width) return [text];
        var (lines, line) = (new List<string>(), "");
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (Width(longer) <= width)
            {
                line = longer;
                continue;
            }

            if (line.Length > 0) lines.Add(line);
            var pieces = Characters(word, width);
            lines.AddRange(pieces.SkipLast(1));
            line = pieces[^1];
        }

        lines.Add(line);
        return lines;
    }

    /// <summary>Broken anywhere.</summary>
    public static IReadOnlyList<string> Characters(string text, int width)
    {
        if (Width(text) <= width) return [text];
        var (lines, line, used) = (new List<string>(), new StringBuilder(), 0);
        foreach (var rune in text.EnumerateRunes())
        {
            var cells = Width(rune.ToString());
            if (used + cells > width && used > 0)
            {
                lines.Add(line.ToString());
                line.Clear();
                used = 0;
            }

            line.Append(rune);
            used += cells;
        }

        lines.Add(line.ToString());
        return lines;
    }
}
