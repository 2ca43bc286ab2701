using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Shell;

/// <summary>
/// Names and their values, a pair a line; empty values are left out. The names have their own column, and nothing is cut: long names are
/// folded in half of the screen, values between words.
/// </summary>
internal sealed class FactList : Renderable
{
    private const int Gap = 2;

    private readonly List<(string Name, string Value)> _facts;

    public FactList(IEnumerable<(string Name, string? Value)> facts) => _facts =
    [
        .. facts.Where(fact => !string.IsNullOrEmpty(fact.Value))
            .Select(fact => (ForeignText.Plain(fact.Name), ForeignText.Plain(fact.Value))),
    ];

    protected override IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        if (_facts.Count == 0) yield break;
        var left = Math.Min(_facts.Max(fact => FoldedText.Width(fact.Name)), Math.Max(1, (maxWidth - Gap) / 2));
        var right = Math.Max(1, maxWidth - left - Gap);
        var bold = new Style(decoration: Decoration.Bold);
        foreach (var (name, value) in _facts)
        {
            var (names, values) = (FoldedText.Characters(name, left), FoldedText.Words(value, right));
            for (var line = 0; line < Math.Max(names.Count, values.Count); line++)
            {
                var text = line < names.Count ? names[line] : "";
                yield return new Segment(text + new string(' ', left - FoldedText.Width(text) + Gap), bold);
                if (line < values.Count) yield return new Segment(values[line]);
                yield return Segment.LineBreak;
            }
        }
    }
}
