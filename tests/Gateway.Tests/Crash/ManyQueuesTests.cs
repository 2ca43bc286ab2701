using System.Collections.Concurrent;
using Gateway.Client;
using Gateway.Links.Causes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A queue for each reply, and a peer that is away meanwhile.</summary>
[Collection(ProcessCollection.Name)]
public sealed class ManyQueuesTests : LinkTest
{
    private const int Queues = 10_000;
    private const int MessagesPerQueue = 3;
    private const int AtOnce = 256;

    [Fact]
    public async Task Ten_thousand_queues_that_wait_for_a_peer_that_comes_back_go_out_while_the_link_stays_up()
    {
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);
        await far.KillAsync();
        await UntilEndAsync(client, DateTimeOffset.MinValue);
        await EnqueueAsync(client, "reply");

        // The near one is restarted too, so that it has to ask for each queue.
        await near.KillAsync();
        await Task.WhenAll(near.StartReadyAsync(Token), far.StartReadyAsync(Token));
        var began = Now;
        await UntilAsync("nothing waits", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);

        (await OperatorView.LinkAsync(client, Far)).History.ShouldNotContain(
            change => change.At > began && change.State == LinkState.Down && change.UpSeconds != null);
        var received = new ConcurrentDictionary<int, int>();
        await ReceiveAsync(NewClient(far), received);
        received.Count.ShouldBe(Queues);
        received.ShouldAllBe(queue => queue.Value == MessagesPerQueue);
    }

    private static async Task EnqueueAsync(GatewayClient client, string prefix)
    {
        var numbers = Enumerable.Range(0, Queues);
        await Parallel.ForEachAsync(numbers, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token },
            async (number, cancellationToken) =>
        {
            var messages = Enumerable.Range(0, MessagesPerQueue).Select(copy => new OutgoingMessage { Body = new[] { (byte)copy } })
                .ToArray();
            await client.EnqueueAsync($"{prefix}-{number}@{Far}", messages, cancellationToken);
        });
    }

    private static async Task ReceiveAsync(GatewayClient client, ConcurrentDictionary<int, int> received)
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Queues), new ParallelOptions
        { MaxDegreeOfParallelism = 32, CancellationToken = Token }, async (number, cancellationToken) =>
    {
        byte next = 0;
        await foreach (var message in client.ReceiveAsync(
            $"reply-{number}", new ReceiveOptions { Prefetch = MessagesPerQueue }, cancellationToken))
        {
            message.Body.Span[0].ShouldBe(next++);
            await message.CompleteAsync(cancellationToken);
            received.AddOrUpdate(number, 1, (_, count) => count + 1);
            if (next == MessagesPerQueue) break;
        }
    });
    }
}
