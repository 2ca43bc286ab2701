using System.Diagnostics;

namespace Gateway.Tests.Crash;

/// <summary>
/// A program that takes lines over TCP and knows nothing of the gateway, to be killed and started again on the same port and file. For one
/// caller at a time.
/// </summary>
internal sealed class LineReceiver(int port, string folder) : IAsyncDisposable
{
    private TestProcess? _process;

    public int Port => port;

    public int ProcessId => _process!.Id;

    private string Path => System.IO.Path.Combine(folder, $"received-{port}");

    /// <summary>The whole lines that it, and those before it, have taken, in order.</summary>
    public async Task<IReadOnlyList<string>> LinesAsync()
    {
        if (!File.Exists(Path)) return [];
        await using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        return (await reader.ReadToEndAsync()).Split('\n')[..^1];
    }

    /// <param name="how">See the program.</param>
    public async Task StartAsync(string how = "")
    {
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var script = System.IO.Path.Combine(AppContext.BaseDirectory, "receiver.py");
        _process = TestProcess.Start(new ProcessStartInfo(Tool.Python, ["-B", script, $"{port}", Path, how]),
            System.IO.Path.Combine(folder, $"receiver-{port}.log"), _ => listens.TrySetResult());
        await ProcessTest.InTimeAsync("the receiver listens", listens.Task);
    }

    public async Task KillAsync()
    {
        if (_process is not { } process) return;
        _process = null;
        await process.DisposeAsync();
    }

    public async ValueTask DisposeAsync() => await KillAsync();
}
