using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Demo;

/// <summary>Shows a running demo on a terminal: counters and gateways, drawn anew several times a second, and the last events.</summary>
internal sealed class TerminalDisplay(IAnsiConsole console, TimeProvider time)
{
    private const int EventsShown = 12;

    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(200);

    /// <summary>Shows it until <paramref name="demo"/> is over, however it ends.</summary>
    public async Task ShowAsync(DemoRun run, Task demo)
    {
        using var tick = new PeriodicTimer(_interval, time);
        await console.Live(Draw(run.View)).StartAsync(async context =>
        {
            while (!demo.IsCompleted)
            {
                await tick.WaitForNextTickAsync();
                context.UpdateTarget(Draw(run.View));
            }
        });
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
            var colour = gateway.Status is null ? "red" : "green";
            gateways.AddRow(Markup.Escape(gateway.Name), $"[{colour}]{Markup.Escape(DemoLine.Describe(gateway.Status))}[/]");
        }

        return new Rows([table, gateways, .. view.Journal.TakeLast(EventsShown).Select(IRenderable (line) => new Text(line))]);

        string Count(string what, long count) => string.Create(CultureInfo.InvariantCulture, $"{what} {count:N0} of {view.Expected:N0}");
    }
}
