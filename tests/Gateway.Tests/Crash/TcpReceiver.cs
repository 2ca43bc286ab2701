using System.Diagnostics;
using System.Globalization;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Tests.Crash;

/// <summary>
/// The receiving program of a test, <c>receiver.c</c>: listens on one port, to be killed and started again on it. It keeps the numbers of
/// the frames that each of its runs has received. For one caller at a time.
/// </summary>
internal sealed class TcpReceiver(string program, string folder, string framing, int sizeBytes, bool answers) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private readonly List<List<long>> _runs = [];
    private TestProcess? _process;

    public int Port { get; } = LoopbackPort.Free(1)[0];

    public int Id => _process!.Id;

    /// <summary>Counts the frames as they come, repeated ones too.</summary>
    public Tally Received { get; } = new();

    /// <summary>Counts the connections that it has seen ending.</summary>
    public Tally Ends { get; } = new();

    /// <summary>The numbers received by each run, in their order.</summary>
    public IReadOnlyList<IReadOnlyList<long>> Runs
    {
        get
        {
            lock (_gate) return [.. _runs.Select(run => run.ToArray())];
        }
    }

    /// <summary>All numbers received, in their order.</summary>
    public IReadOnlyList<long> Numbers => [.. Runs.SelectMany(run => run)];

    /// <summary>Returns when it listens.</summary>
    public async Task StartAsync(int pauseUs = 0)
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate) _runs.Add([]);
        _process = TestProcess.Start(
            new ProcessStartInfo(program, [Text(Port), framing, Text(sizeBytes), answers ? "1" : "0", Text(pauseUs)]),
            Path.Combine(folder, "receiver.log"),
            line =>
            {
                if (line.StartsWith("got ", StringComparison.Ordinal)) Note(long.Parse(line[4..], CultureInfo.InvariantCulture));
                else if (line.StartsWith("ended ", StringComparison.Ordinal)) Ends.Add();
                else listens.TrySetResult();
            });
        await Task.WhenAny(listens.Task, _process.Ended);
        if (!listens.Task.IsCompleted) throw new InvalidOperationException($"The receiver does not listen: {_process.Errors}");
    }

    /// <summary>Stops and continues it, as SIGSTOP and SIGCONT do: it does not read, and its connections stand.</summary>
    public void Send(TestProcess.UnixSignal signal) => _process!.Send(signal);

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        var process = _process!;
        _process = null;
        await process.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null) await KillAsync();
    }

    private void Note(long number)
    {
        lock (_gate) _runs[^1].Add(number);
        Received.Add();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
