using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Gateway.Tests.Crash;

/// <summary>
/// A process of a test. All it writes is kept, and goes into a log too. Its standard input stays open until it is killed or this process
/// ends; our own executable watches that, so that nothing outlives the tests.
/// </summary>
internal sealed class TestProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly TextWriter _log;
    private readonly List<string> _output = [];
    private readonly List<string> _errors = [];
    private readonly Action<string>? _onOutput;
    private readonly Task _reading;
    private bool _isDisposed;

    private TestProcess(Process process, string logPath, Action<string>? onOutput)
    {
        _process = process;
        _log = TextWriter.Synchronized(new StreamWriter(logPath, append: true) { AutoFlush = true });
        _onOutput = onOutput;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _errors));
        Ended = EndedAsync();
    }

    public enum UnixSignal
    {
        /// <summary>Its terminal is gone.</summary>
        HangUp = 1,
        Interrupt = 2,
        Quit = 3,
        Kill = 9,
        Terminate = 15,

        /// <summary>It does nothing more, and keeps all it has. The number is Linux's.</summary>
        Stop = 19,

        /// <summary>It goes on after that.</summary>
        Continue = 18,
    }

    /// <summary>Completes with the exit code when the process has ended and all it wrote was read.</summary>
    public Task<int> Ended { get; }

    public int Id => _process.Id;

    /// <summary>Its standard output so far.</summary>
    public string Output => Text(_output);

    /// <summary>Its standard error so far.</summary>
    public string Errors => Text(_errors);

    /// <param name="onOutput">Called with each line of the standard output, which then goes nowhere else.</param>
    public static TestProcess Start(ProcessStartInfo start, string logPath, Action<string>? onOutput = null)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        foreach (var key in start.Environment.Keys.Where(key => key.StartsWith("Gateway__", StringComparison.OrdinalIgnoreCase)).ToArray())
            start.Environment.Remove(key);
        // A gateway without a configured folder must not find, or make, a store of this machine.
        if (start.WorkingDirectory.Length > 0 && !start.ArgumentList.Contains("--config"))
            start.Environment.TryAdd("Gateway__Store__Path", Path.Combine(start.WorkingDirectory, "data"));
        return new TestProcess(Process.Start(start)!, logPath, onOutput);
    }

    public void Send(UnixSignal signal) => Send(_process.Id, signal);

    /// <summary>To a process that something else has started.</summary>
    public static void Send(int process, UnixSignal signal)
    {
        if (Kill(process, (int)signal) != 0)
            throw new InvalidOperationException($"Signal {signal} could not be sent: error {Marshal.GetLastPInvokeError()}.");
    }

    /// <summary>Gives it a line to its standard input.</summary>
    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Asks a gateway to stop that was told to run while its input is open.</summary>
    public void CloseInput() => _process.StandardInput.Close();

    /// <summary>SIGKILL. Returns when the process has ended.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await Ended;
    }

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        await KillAsync();
        _process.Dispose();
        await _log.DisposeAsync();
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);

    private static string Text(List<string> lines)
    {
        lock (lines)
            return string.Join('\n', lines);
    }

    private async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync();
        await _reading;
        return _process.ExitCode;
    }

    private async Task ReadAsync(StreamReader reader, List<string> lines)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (lines == _output && _onOutput is not null)
            {
                _onOutput(line);
                continue;
            }

            await _log.WriteLineAsync(line);
            lock (lines)
                lines.Add(line);
        }
    }
}
