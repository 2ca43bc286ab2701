using Gateway.Cli.Shell;

namespace Gateway.Cli.Demo;

/// <summary>
/// Shows a running demo on output that cannot be overwritten: a line each second, and events as they occur. The demo continues while a line
/// waits for its reader.
/// </summary>
internal sealed class PlainDisplay(Terminal terminal)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private int _linesShown;

    /// <summary>Shows it until <paramref name="demo"/> is over, however it ends.</summary>
    public async Task ShowAsync(DemoRun run, Task demo, CancellationToken cancellationToken)
    {
        using var tick = new PeriodicTimer(_interval, terminal.Time);
        while (!demo.IsCompleted)
        {
            var next = tick.WaitForNextTickAsync(CancellationToken.None).AsTask();
            await Task.WhenAny(next, demo);
            await ShowAsync(run.View, demo.IsCompleted, cancellationToken);
            if (!demo.IsCompleted)
                await next;
        }
    }

    private async Task ShowAsync(DemoView view, bool over, CancellationToken cancellationToken)
    {
        foreach (var line in view.Journal.Skip(_linesShown))
            await terminal.WriteLineAsync(line, cancellationToken);
        _linesShown = view.Journal.Count;
        if (!over)
            await terminal.WriteLineAsync(DemoLine.Format(view), cancellationToken);
    }
}
