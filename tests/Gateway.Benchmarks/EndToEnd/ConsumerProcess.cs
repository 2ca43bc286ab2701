using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Benchmarks.EndToEnd;

/// <summary>
/// A consuming application in a process of its own. It is told on its input how many messages to take and complete, and writes a line when
/// the last is completed, confirmed: see <see cref="Consumer"/>, which is what runs there.
/// </summary>
internal sealed class ConsumerProcess : IAsyncDisposable
{
    public const string Verb = "consumer";

    private readonly Channel<ConsumerResult> _results = Channel.CreateBounded<ConsumerResult>(1);
    private readonly ChildProcess _child;

    public ConsumerProcess(string address, string queue, string logPath)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(ConsumerProcess).Assembly.Location);
        foreach (var argument in new[] { Verb, address, queue }) start.ArgumentList.Add(argument);
        _child = ChildProcess.Start(start, logPath, line => _results.Writer.WriteAsync(JsonSerializer.Deserialize<ConsumerResult>(line)!));
    }

    public int Id => _child.Id;

    /// <summary>The next so many messages; returns when they are completed.</summary>
    public async Task<ConsumerResult> TakeAsync(int messages, CancellationToken cancellationToken)
    {
        await _child.WriteLineAsync(messages.ToString(CultureInfo.InvariantCulture));
        var result = _results.Reader.ReadAsync(cancellationToken).AsTask();
        if (await Task.WhenAny(result, _child.Ended) != result) throw new InvalidOperationException("The consumer has ended; see its log.");
        return await result;
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
