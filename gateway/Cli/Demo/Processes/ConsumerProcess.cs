using Gateway.Cli.Demo.Ledger;

namespace Gateway.Cli.Demo.Processes;

/// <summary>
/// The receiving application of a demo in a process of its own, which can be killed and restarted. Its reports go into the ledger. For one
/// caller at a time.
/// </summary>
/// <param name="arguments">The hidden verb that it runs, with its arguments.</param>
internal sealed class ConsumerProcess(string[] arguments, string folder, DemoBook book, DemoClock clock) : IAsyncDisposable
{
    private ChildProcess? _child;

    public string LogPath { get; } = Path.Combine(folder, "consumer.log");

    /// <summary>The process ended unexpectedly.</summary>
    public bool HasDied => _child is { Ended.IsCompleted: true };

    /// <summary>Starts the process. By then the ledger has all reports of its predecessor.</summary>
    public async Task StartAsync()
    {
        await book.EnterAsync(ledger => ledger.ConsumerStarted());
        _child = ChildProcess.Start(Executable.Start(arguments), LogPath, EnterAsync);
    }

    /// <summary>Kills the process (SIGKILL); returns once it has ended and its last report was entered.</summary>
    public async Task KillAsync()
    {
        var child = _child ?? throw new InvalidOperationException("The consumer was not started.");
        _child = null;
        await child.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_child is not null)
            await KillAsync();
    }

    private async ValueTask EnterAsync(string line)
    {
        if (!ConsumerReport.TryParse(line, out var report))
            return;

        var at = clock.Elapsed;
        await book.EnterAsync(ledger =>
        {
            switch (report.Kind)
            {
                case ConsumerReportKind.Received:
                    ledger.Delivered(report.Delivery, report.Sequence, report.Intact, at);
                    break;
                case ConsumerReportKind.Completed:
                    ledger.Completed(report.Delivery);
                    break;
                case ConsumerReportKind.InDoubt:
                    ledger.CompletionInDoubt(report.Delivery);
                    break;
            }
        });
    }
}
