using Spectre.Console.Rendering;

namespace Gateway.Cli.Shell;

/// <summary>Makes text that others wrote harmless wherever it comes to be rendered: in tables, facts and sentences.</summary>
internal sealed class ShownSegments : IRenderHook
{
    public IEnumerable<IRenderable> Process(RenderOptions options, IEnumerable<IRenderable> renderables) =>
        renderables.Select(IRenderable (part) => new Shown(part));

    private sealed class Shown(IRenderable part) : IRenderable
    {
        public Measurement Measure(RenderOptions options, int maxWidth) => part.Measure(options, maxWidth);

        /// <summary>Colours come later, from the style of a segment.</summary>
        public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) => part.Render(options, maxWidth).Select(segment =>
            segment.IsLineBreak || segment.IsControlCode ? segment : new Segment(ForeignText.Lines(segment.Text), segment.Style));
    }
}
