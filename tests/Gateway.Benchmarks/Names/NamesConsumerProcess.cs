using System.Diagnostics;
using System.Globalization;
using System.Threading.Channels;
using Gateway.Cli.Demo.Processes;

namespace Gateway.Benchmarks.Names;

/// <summary><see cref="NamesConsumer"/> in a process of its own.</summary>
internal sealed class NamesConsumerProcess : IAsyncDisposable
{
    private readonly Channel<long> _ends = Channel.CreateBounded<long>(1);
    private readonly ChildProcess _child;

    public NamesConsumerProcess(string address, string logPath)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!);
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(NamesConsumerProcess).Assembly.Location);
        foreach (var argument in new[] { NamesConsumer.Verb, address }) start.ArgumentList.Add(argument);
        _child = ChildProcess.Start(start, logPath, line => _ends.Writer.WriteAsync(long.Parse(line, CultureInfo.InvariantCulture)));
    }

    public int Id => _child.Id;

    /// <summary>So many messages, of a queue each or all of one; gives when the last was completed.</summary>
    public async Task<long> TakeAsync(string name, bool isEach, int count, CancellationToken cancellationToken)
    {
        await _child.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name} {(isEach ? "each" : "all")} {count}"));
        var end = _ends.Reader.ReadAsync(cancellationToken).AsTask();
        if (await Task.WhenAny(end, _child.Ended) != end) throw new InvalidOperationException("The consumer has ended; see its log.");
        return await end;
    }

    public ValueTask DisposeAsync() => _child.DisposeAsync();
}
