using System.Collections.Concurrent;
using Gateway.Client;
using Gateway.Client.Processing;
using static Gateway.Contract.Conductor;

namespace Gateway.Contract;

/// <summary>What an application relies on that leaves the loop, and the form of its bodies, to the client.</summary>
internal sealed class ProcessingClauses
{
    private readonly Conductor _conductor;

    public ProcessingClauses(Conductor conductor) => _conductor = conductor;

    public IEnumerable<Clause> All => new[]
    {
        new Clause("a typed message arrives as it was sent", TypedAsync),
        new Clause("a processor handles each message, and again what failed, also after a kill", ProcessAsync),
    };

    private async Task TypedAsync()
    {
        await using var client = _conductor.NewClient();
        var order = new Dictionary<string, int> { ["größe"] = 7 };
        await client.EnqueueAsync("typed@local", order, cancellationToken: Limit());
        await using var messages = client.ReceiveAsync("typed", cancellationToken: Limit()).GetAsyncEnumerator();
        var message = await NextAsync(messages);
        Same(message.As<Dictionary<string, int>>()["größe"], 7, "the order");
        await message.CompleteAsync(Limit());
    }

    private async Task ProcessAsync()
    {
        await using var client = _conductor.NewClient();
        var handled = new ConcurrentDictionary<string, int>();
        var all = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var options = new GatewayProcessorOptions { RetryDelay = TimeSpan.FromMilliseconds(10) };
        await using var processor = client.CreateProcessor("processed", options);
        processor.ProcessMessageAsync += handling =>
        {
            if (handled.AddOrUpdate(Text(handling.Message.Body), 1, (_, before) => before + 1) == 1)
                throw new InvalidOperationException("the first attempt fails");
            if (handled.Count == 20 && handled.Values.All(count => count > 1)) all.TrySetResult(true);
            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync(Limit());
        for (var number = 0; number < 10; number++)
            await client.EnqueueAsync("processed@local", Bytes($"{number}"), cancellationToken: Limit());
        await _conductor.Gateway.KillAsync();
        await _conductor.Gateway.StartAsync();
        for (var number = 10; number < 20; number++)
            await client.EnqueueAsync("processed@local", Bytes($"{number}"), cancellationToken: Limit());
        using (Limit().Register(() => all.TrySetCanceled()))
            await all.Task;
        await processor.StopProcessingAsync(Limit());
        Same((await client.GetQueueAsync("processed", Limit())).Messages, 0L, "the number of messages");
    }
}
