using Gateway.Tests.Conventions;

namespace Gateway.Tests.Packaging;

/// <summary>A fenced block of a page.</summary>
/// <param name="Heading">The heading above it.</param>
/// <param name="Before">The last line of text above it, which names a file.</param>
internal sealed record PageBlock(string Heading, string Language, string Before, string Text)
{
    /// <summary>The blocks of a page, in order.</summary>
    public static IReadOnlyList<PageBlock> Of(string page)
    {
        var blocks = new List<PageBlock>();
        var (heading, before) = ("", "");
        List<string>? inside = null;
        var language = "";
        foreach (var line in Pages.Read(page).Split('\n'))
        {
            var isFence = line.StartsWith("```", StringComparison.Ordinal);
            if (isFence && inside is null)
            {
                (inside, language) = ([], line[3..]);
            }
            else if (isFence)
            {
                blocks.Add(new PageBlock(heading, language, before, string.Join('\n', inside!) + "\n"));
                inside = null;
            }
            else if (inside is not null)
            {
                inside.Add(line);
            }
            else if (line.StartsWith('#'))
            {
                heading = line.TrimStart('#', ' ');
            }
            else if (line.Length > 0)
            {
                before = line;
            }
        }

        return blocks;
    }
}
