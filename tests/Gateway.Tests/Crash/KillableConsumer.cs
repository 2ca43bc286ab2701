using Gateway.Cli.Demo.Processes;

namespace Gateway.Tests.Crash;

/// <summary>
/// A receiving application as a process of its own, whose account of itself goes into the books. For one caller at a time.
/// </summary>
internal sealed class KillableConsumer(string address, string queue, string folder, Reckoning reckoning) : IAsyncDisposable
{
    private readonly Dictionary<long, Reckoning.Delivery> _held = [];
    private TestProcess? _process;

    public void Start() => _process = TestProcess.Start(
        Executable.Start(DemoConsumerVerb.Name, address, queue), Path.Combine(folder, $"consumer-{queue}.log"), Note);

    /// <summary>SIGKILL. Returns when the process has ended and its last words are in the books.</summary>
    public async Task KillAsync()
    {
        await _process!.DisposeAsync();
        _process = null;
        foreach (var delivery in _held.Values)
            reckoning.End(delivery, Reckoning.Outcome.ConsumerKilled);
        _held.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
    }

    private void Note(string line)
    {
        if (!ConsumerReport.TryParse(line, out var report))
            return;
        if (report.Kind == ConsumerReportKind.Received)
            _held[report.Delivery] = reckoning.Deliver(report.Sequence, report.Intact);
        else if (_held.Remove(report.Delivery, out var delivery))
            reckoning.End(delivery, report.Kind == ConsumerReportKind.Completed ? Reckoning.Outcome.Completed : Reckoning.Outcome.InDoubt);
    }
}
