using System.Text.Json;
using Gateway.Client;
using static Gateway.Contract.Conductor;

namespace Gateway.Contract;

/// <summary>What an application that sends relies on.</summary>
internal sealed class SendingClauses
{
    private readonly Conductor _conductor;

    public SendingClauses(Conductor conductor) => _conductor = conductor;

    public IEnumerable<Clause> All => new[]
    {
        new Clause("a gateway says its name and that it accepts messages", ConnectAsync),
        new Clause("a receipt has the message's id, and the message is in its queue", ReceiptAsync),
        new Clause("a message is accepted once, however often it is repeated", DuplicateAsync),
        new Clause("a batch is accepted as a whole, in its order", BatchAsync),
        new Clause("thousands of calls at once are accepted once each", ManyAsync),
        new Clause("a queue to a peer tells the state of the link, and so does the event", PeerAsync),
    };

    private async Task ConnectAsync()
    {
        await using var client = _conductor.NewClient();
        Same(await client.GetGatewayAsync(Limit()), new GatewayInfo("local", true, ""), "the gateway");
    }

    private async Task ReceiptAsync()
    {
        await using var client = _conductor.NewClient();
        var made = await client.EnqueueAsync("receipts@local", Bytes("a"), cancellationToken: Limit());
        var given = MessageId.New(Now());
        var receipt = await client.EnqueueAsync("receipts@local", Bytes("b"), new EnqueueOptions { MessageId = given }, Limit());
        Same(receipt.MessageId, given, "the id of the receipt");
        Same(made.MessageId.ToString()[14], '7', "the version of the id");
        Same(MessageId.Parse(given.ToString()), given, "the id of its text");
        Same(MessageId.FromBytes(given.ToByteArray()), given, "the id of its bytes");
        Same(JsonSerializer.Deserialize<MessageId>(JsonSerializer.Serialize(given)), given, "the id of its JSON");
        Same(JsonSerializer.Serialize(given), $"\"{given.ToGuid()}\"", "the JSON of an id");
        var peeked = await client.PeekAsync("receipts", cancellationToken: Limit());
        Same(string.Join(" ", peeked.Select(message => message.Id)), $"{made.MessageId} {given}", "the queue");
    }

    private async Task DuplicateAsync()
    {
        await using var client = _conductor.NewClient();
        var options = new EnqueueOptions { MessageId = MessageId.New(Now()) };
        for (var i = 0; i < 3; i++)
            await client.EnqueueAsync("duplicates@local", Bytes("once"), options, Limit());
        Same((await client.GetQueueAsync("duplicates", Limit())).Messages, 1L, "the number of messages");
        await FailsAsync(
            GatewayError.IdConflict, async () => await client.EnqueueAsync("duplicates@local", Bytes("another"), options, Limit()));
    }

    private async Task BatchAsync()
    {
        await using var client = _conductor.NewClient();
        var batch = Enumerable.Range(0, 100).Select(number => new OutgoingMessage { Body = Bytes($"{number}") }).ToList();
        var receipts = await client.EnqueueAsync("batches@local", batch, Limit());
        var peeked = await client.PeekAsync("batches", count: 100, cancellationToken: Limit());
        Require(
            peeked.Select(message => message.Id).SequenceEqual(receipts.Select(receipt => receipt.MessageId)), "the ids are not in order");
        Require(peeked.Select(message => Text(message.Body)).SequenceEqual(Enumerable.Range(0, 100).Select(number => $"{number}")),
            "the bodies are not in order");
    }

    private async Task ManyAsync()
    {
        const int Count = 5_000;
        await using var client = _conductor.NewClient();
        var receipts = await Task.WhenAll(Enumerable.Range(0, Count)
            .Select(number => client.EnqueueAsync("many@local", Bytes($"{number}"), cancellationToken: Limit()).AsTask()));
        Same(receipts.Select(receipt => receipt.MessageId).Distinct().Count(), Count, "the number of ids");
        Same((await client.GetQueueAsync("many", Limit())).Messages, Count, "the number of messages");
    }

    private async Task PeerAsync()
    {
        await using var client = _conductor.NewClient();
        var told = new TaskCompletionSource<PeerInfo>(TaskCreationOptions.RunContinuationsAsynchronously);
        client.PeerStateChanged += (_, news) => told.TrySetResult(news.Peer);
        await client.EnqueueAsync("orders@far", Bytes("waits"), cancellationToken: Limit());
        var queue = await client.GetQueueAsync("orders@far", Limit());
        Same(queue.Messages, 1L, "the number of messages");
        Require(queue.Peer is { Name: "far", IsUp: false }, $"the peer is {queue.Peer}");
        using (Limit().Register(() => told.TrySetCanceled()))
            Require(await told.Task is { Name: "far", IsUp: false }, "the event tells another peer");
    }
}
