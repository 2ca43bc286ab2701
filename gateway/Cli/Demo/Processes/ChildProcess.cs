using System.Diagnostics;

namespace Gateway.Cli.Demo.Processes;

/// <summary>
/// A child process with its output kept in a log. Its standard input stays open while this process lives: our children watch it and end
/// with this process, however it ends.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly Task _output;

    private ChildProcess(Process process, TextWriter log, Func<string, ValueTask>? onOutput)
    {
        _process = process;
        _log = log;
        _output = Task.WhenAll(ReadAsync(process.StandardOutput, onOutput ?? LogAsync), ReadAsync(process.StandardError, LogAsync));
        Ended = EndedAsync();
    }

    /// <summary>Completes with the exit code once the process has ended, for any reason, and its output was read.</summary>
    public Task<int> Ended { get; }

    public int Id => _process.Id;

    /// <summary>The memory in use by the process.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>
    /// Starts it. <paramref name="onOutput"/> is called with each line of its standard output, one at a time; without it the lines go to
    /// the log, as those of its standard error do.
    /// </summary>
    public static ChildProcess Start(ProcessStartInfo start, string logPath, Func<string, ValueTask>? onOutput = null)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;

        var log = TextWriter.Synchronized(FileDoor.AppendLines(logPath));
        try
        {
            return new ChildProcess(Process.Start(start)!, log, onOutput);
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Kills the process (SIGKILL, where there are signals); returns once it has ended and its output was read.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Ended;
    }

    /// <summary>Writes to the standard input of the process.</summary>
    public Task WriteLineAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Asks it to end by closing its standard input, and kills it if it has not within <paramref name="limit"/>.</summary>
    public async Task StopAsync(TimeSpan limit, TimeProvider time)
    {
        _process.StandardInput.Close();
        try
        {
            await Ended.WaitAsync(limit, time);
        }
        catch (TimeoutException)
        {
            await KillAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync();
        await _output;
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader, Func<string, ValueTask> onLine)
    {
        while (await reader.ReadLineAsync() is { } line)
            await onLine(line);
    }

    private ValueTask LogAsync(string line)
    {
        _log.WriteLine(line);
        return ValueTask.CompletedTask;
    }
}
