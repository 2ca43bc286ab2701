using System.Collections.Concurrent;
using Gateway.Client;
using Gateway.Client.Processing;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Client.Processing;

/// <summary>A processor at a queue of a fake gateway.</summary>
internal sealed class ProcessorBench : IAsyncDisposable
{
    private readonly FakeGateway _gateway;

    public ProcessorBench(FakeQueue queue, Action<GatewayProcessorOptions>? configure = null)
    {
        Queue = queue;
        _gateway = new FakeGateway(queue.Answer);
        Client = new GatewayClient(new GatewayClientOptions { Address = _gateway.Address, ApplicationName = "test" });
        var options = new GatewayProcessorOptions();
        configure?.Invoke(options);
        Processor = Client.CreateProcessor("q", options);
        Processor.ProcessErrorAsync += error =>
        {
            Errors.Enqueue(error);
            return Task.CompletedTask;
        };
    }

    public FakeQueue Queue { get; }

    public GatewayClient Client { get; }

    public GatewayProcessor Processor { get; }

    public ConcurrentQueue<ProcessErrorEventArgs> Errors { get; } = new();

    public Task StartAsync(Func<ProcessMessageEventArgs, Task> handler)
    {
        Processor.ProcessMessageAsync += handler;
        return Processor.StartProcessingAsync(TestContext.Current.CancellationToken);
    }

    public Task UntilEmptyAsync() => UntilAsync("the queue is empty", () => Queue.IsEmpty);

    public async ValueTask DisposeAsync()
    {
        await Processor.DisposeAsync();
        await Client.DisposeAsync();
        _gateway.Dispose();
    }
}
