using System.Globalization;
using System.Text;
using Gateway.Cli.Shell;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Demo;

/// <summary>
/// Shows a running demo on a screen: counters, gateways and the last events, redrawn several times a second. Each frame is written whole.
/// The demo continues while a stopped screen blocks a frame; the next frame shows the state by then.
/// </summary>
internal sealed class TerminalDisplay(Terminal terminal)
{
    private const int EventsShown = 12;

    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    private int _linesShown;

    /// <summary>Shows it until <paramref name="demo"/> is over, however it ends.</summary>
    public async Task ShowAsync(DemoRun run, Task demo, CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(_interval, terminal.Time);
        while (!demo.IsCompleted)
        {
            await ShowAsync(run.View, cancellationToken);
            await tick.WaitForNextTickAsync(cancellationToken);
        }

        await ShowAsync(run.View, cancellationToken);
    }

    private async Task ShowAsync(DemoView view, CancellationToken cancellationToken)
    {
        // Lines scrolled off the top of the screen cannot be overwritten.
        var lines = Output.Render(terminal, [Draw(view)]).Take((terminal.Height ?? int.MaxValue) - 1).ToList();
        var picture = new StringBuilder();
        if (_linesShown > 0) picture.Append(CultureInfo.InvariantCulture, $"\e[{_linesShown}A\e[J");
        foreach (var line in lines) picture.Append(line).Append('\n');
        _linesShown = lines.Count;
        await terminal.Output.WriteAsync(Encoding.UTF8.GetBytes(picture.ToString()), cancellationToken);
        await terminal.Output.FlushAsync(cancellationToken);
    }

    private static Rows Draw(DemoView view)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("", "", "", "").HideHeaders();
        table.AddRow(
            DemoTime.Format(view.Elapsed).TrimStart(),
            Count("accepted", view.Counts.Accepted),
            Count("delivered", view.Counts.Delivered),
            Count("completed", view.Counts.Completed));

        var gateways = new Table().Border(TableBorder.Rounded).AddColumns("gateway", "undelivered, and links");
        foreach (var gateway in view.Gateways)
        {
            var colour = gateway.State is null ? "red" : "green";
            gateways.AddRow(Markup.Escape(gateway.Name), $"[{colour}]{Markup.Escape(DemoLine.Describe(gateway.State))}[/]");
        }

        return new Rows([table, gateways, .. view.Journal.TakeLast(EventsShown).Select(IRenderable (line) => new Text(line))]);

        string Count(string what, long count) => $"{what} {Figures.Count(count)} of {Figures.Count(view.Expected)}";
    }
}
