namespace Gateway.Cli.Demo;

/// <summary>Shows a running demo where nothing can be drawn over: a line each second, and what happened as it happens.</summary>
internal sealed class PlainDisplay(TextWriter output, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    private int _linesShown;

    /// <summary>Shows it until <paramref name="demo"/> is over, however it ends.</summary>
    public async Task ShowAsync(DemoRun run, Task demo)
    {
        using var tick = new PeriodicTimer(_interval, time);
        while (!demo.IsCompleted)
        {
            var next = tick.WaitForNextTickAsync().AsTask();
            await Task.WhenAny(next, demo);
            Show(run.View, demo.IsCompleted);
            if (!demo.IsCompleted)
                await next;
        }
    }

    private void Show(DemoView view, bool over)
    {
        foreach (var line in view.Journal.Skip(_linesShown))
            output.WriteLine(line);
        _linesShown = view.Journal.Count;
        if (!over)
            output.WriteLine(DemoLine.Format(view));
    }
}
