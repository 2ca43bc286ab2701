using System.Diagnostics;
using Gateway.Client;
using static Gateway.Contract.Conductor;

namespace Gateway.Contract;

/// <summary>What an application that receives relies on.</summary>
internal sealed class ReceivingClauses
{
    private readonly Conductor _conductor;

    public ReceivingClauses(Conductor conductor) => _conductor = conductor;

    public IEnumerable<Clause> All => new[]
    {
        new Clause("a message arrives as it was sent, and is gone when it is completed", CompleteAsync),
        new Clause("messages arrive in order, more than are fetched at once", OrderAsync),
        new Clause("an abandoned message comes again, after its delay, with a higher count", AbandonAsync),
        new Clause("a rejected message does not come again", RejectAsync),
        new Clause("an enumeration that ends gives back what was fetched", GiveBackAsync),
    };

    private async Task CompleteAsync()
    {
        await using var client = _conductor.NewClient();
        var expires = DateTimeOffset.FromUnixTimeMilliseconds(Now().AddHours(1).ToUnixTimeMilliseconds());
        var options = new EnqueueOptions
        {
            MessageId = MessageId.New(Now()),
            Headers = new Dictionary<string, string> { ["größe"] = "\"€\" \\ \ud83d\ude00" },
            Key = "7",
            ExpiresAt = expires,
        };
        var body = Enumerable.Range(0, 100_000).Select(number => (byte)number).ToArray();
        await client.EnqueueAsync("whole@local", body, options, Limit());

        await using var messages = client.ReceiveAsync("whole", cancellationToken: Limit()).GetAsyncEnumerator();
        var message = await NextAsync(messages);
        Same(message.Id, options.MessageId.Value, "the id");
        Same(message.Queue, "whole", "the queue");
        Same(message.Headers["größe"], "\"€\" \\ \ud83d\ude00", "the header");
        Same(message.Key, "7", "the key");
        Same(message.ExpiresAt, expires, "the expiry");
        Same(message.Deliveries, 1, "the number of deliveries");
        Same(message.Source, "local", "the source");
        Require(Now() - message.EnqueuedAt < TimeSpan.FromMinutes(5), $"it was enqueued at {message.EnqueuedAt}");
        Require(message.Body.Span.SequenceEqual(body), "the body is another");
        Require(message.IsHeld, "it is not held");
        await message.CompleteAsync(Limit());
        Same((await client.GetQueueAsync("whole", Limit())).Messages, 0L, "the number of messages");
    }

    private async Task OrderAsync()
    {
        const int Count = 1_000;
        await using var client = _conductor.NewClient();
        var batch = Enumerable.Range(0, Count).Select(number => new OutgoingMessage { Body = Bytes($"{number}") }).ToList();
        await client.EnqueueAsync("ordered@local", batch, Limit());
        var next = 0;
        await foreach (var message in client.ReceiveAsync("ordered", new ReceiveOptions { Prefetch = 8 }, Limit()))
        {
            Same(Text(message.Body), $"{next}", "the next message");
            await message.CompleteAsync(Limit());
            if (++next == Count) break;
        }

        Same((await client.GetQueueAsync("ordered", Limit())).Messages, 0L, "the number of messages");
    }

    private async Task AbandonAsync()
    {
        await using var client = _conductor.NewClient();
        await client.EnqueueAsync("abandoned@local", Bytes("again"), cancellationToken: Limit());
        await using var messages = client.ReceiveAsync("abandoned", cancellationToken: Limit()).GetAsyncEnumerator();
        await (await NextAsync(messages)).AbandonAsync(cancellationToken: Limit());
        var second = await NextAsync(messages);
        Same(second.Deliveries, 2, "the number of deliveries");
        var watch = Stopwatch.StartNew();
        await second.AbandonAsync(TimeSpan.FromMilliseconds(500), Limit());
        var third = await NextAsync(messages);
        Same(third.Deliveries, 3, "the number of deliveries");
        Require(watch.Elapsed > TimeSpan.FromMilliseconds(400), $"it came again after {watch.Elapsed}");
        await third.CompleteAsync(Limit());
    }

    private async Task RejectAsync()
    {
        await using var client = _conductor.NewClient();
        await client.EnqueueAsync("rejected@local", Bytes("bad"), cancellationToken: Limit());
        await client.EnqueueAsync("rejected@local", Bytes("good"), cancellationToken: Limit());
        await using var messages = client.ReceiveAsync("rejected", cancellationToken: Limit()).GetAsyncEnumerator();
        await (await NextAsync(messages)).RejectAsync("it cannot be read", Limit());
        var good = await NextAsync(messages);
        Same(Text(good.Body), "good", "the next message");
        await good.CompleteAsync(Limit());
        Same((await client.GetQueueAsync("rejected", Limit())).Messages, 0L, "the number of messages");
    }

    private async Task GiveBackAsync()
    {
        await using var client = _conductor.NewClient();
        foreach (var text in new[] { "1", "2", "3" })
            await client.EnqueueAsync("given-back@local", Bytes(text), cancellationToken: Limit());
        await foreach (var message in client.ReceiveAsync("given-back", cancellationToken: Limit()))
        {
            await message.CompleteAsync(Limit());
            break;
        }

        await using var other = _conductor.NewClient();
        await using var messages = other.ReceiveAsync("given-back", cancellationToken: Limit()).GetAsyncEnumerator();
        var rest = new[] { await NextAsync(messages), await NextAsync(messages) };
        Same(string.Join(" ", rest.Select(message => Text(message.Body)).OrderBy(text => text)), "2 3", "the rest");
        foreach (var message in rest)
            await message.CompleteAsync(Limit());
    }
}
