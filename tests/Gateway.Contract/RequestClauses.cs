using Gateway.Client;
using Gateway.Client.Processing;
using Gateway.Client.Requests;
using static Gateway.Contract.Conductor;

namespace Gateway.Contract;

/// <summary>What an application relies on that asks another one.</summary>
internal sealed class RequestClauses
{
    private readonly Conductor _conductor;

    public RequestClauses(Conductor conductor) => _conductor = conductor;

    public IEnumerable<Clause> All => new[]
    {
        new Clause("a request has its own reply, as one of many at once", ReplyAsync),
        new Clause("a request has its reply though the gateway is killed in between", SurviveAsync),
        new Clause("a request without a reply fails with NoReply, and a late reply is kept", LateAsync),
        new Clause("a request ends with its client", DisposedAsync),
    };

    private async Task ReplyAsync()
    {
        const int Count = 200;
        await using var client = _conductor.NewClient();
        await using var replier = await StartReplierAsync(client, "questions");
        var replies = await Task.WhenAll(Enumerable.Range(0, Count)
            .Select(number => client.RequestAsync<int, string>(
                "questions@local", number, TimeSpan.FromMinutes(1), cancellationToken: Limit()).AsTask()));
        Same(string.Join(" ", replies), string.Join(" ", Enumerable.Range(0, Count).Select(number => $"re-{number}")), "the replies");
        await replier.StopProcessingAsync(Limit());
        Same((await client.GetQueueAsync("questions", Limit())).Messages, 0L, "the number of requests");
    }

    private async Task SurviveAsync()
    {
        await using var client = _conductor.NewClient();
        var asked = client.RequestAsync<int, string>(
            "asked-before@local", 7, TimeSpan.FromMinutes(1), cancellationToken: Limit()).AsTask();
        while ((await client.GetQueueAsync("asked-before", Limit())).Messages == 0)
            Require(!asked.IsCompleted, "there was a reply without a replier");
        await _conductor.Gateway.KillAsync();
        await _conductor.Gateway.StartAsync();
        await using var replier = await StartReplierAsync(client, "asked-before");
        Same(await asked, "re-7", "the reply");
    }

    private async Task LateAsync()
    {
        await using var client = _conductor.NewClient("replies.contract-1");
        var options = new EnqueueOptions { MessageId = MessageId.New(Now()), ExpiresAt = Now().AddHours(1) };
        await FailsAsync(GatewayError.NoReply, async () => await client.RequestAsync(
            "asked-late@local", Bytes("late"), TimeSpan.FromMilliseconds(100), options, Limit()));
        await using var requests = client.ReceiveAsync("asked-late", cancellationToken: Limit()).GetAsyncEnumerator();
        var request = await NextAsync(requests);
        Require(request.ExpectsReply, "the request expects no reply");
        Same(await request.ReplyAsync(Bytes("reply"), cancellationToken: Limit()), ReplyOutcome.Sent, "the first outcome");
        Same(await request.ReplyAsync(Bytes("reply"), cancellationToken: Limit()), ReplyOutcome.Sent, "the repetition");
        Same(await request.ReplyAsync(Bytes("other"), cancellationToken: Limit()), ReplyOutcome.AnsweredBefore, "another reply");
        await request.CompleteAsync(Limit());
        await using var replies = client.ReceiveLateRepliesAsync(cancellationToken: Limit()).GetAsyncEnumerator();
        var late = await NextAsync(replies);
        Same(late.CorrelationId, options.MessageId, "the request of the late reply");
        Same(Text(late.Body), "reply", "the late reply");
        Same(late.Queue, "replies.contract-1.late", "its queue");
        await late.CompleteAsync(Limit());
        await ThrowsAsync<InvalidOperationException>(async () =>
        {
            await client.EnqueueAsync("asked-late@local", Bytes("no question"), cancellationToken: Limit());
            var message = await NextAsync(requests);
            await message.CompleteAsync(Limit());
            await message.ReplyAsync(Bytes("reply"), cancellationToken: Limit());
        });
    }

    private async Task DisposedAsync()
    {
        var client = _conductor.NewClient();
        var asked = client.RequestAsync("nobody-replies@local", Bytes("x"), TimeSpan.FromMinutes(1), null, Limit());
        while ((await client.GetQueueAsync("nobody-replies", Limit())).Messages == 0)
            Require(!asked.IsCompleted, "there was a reply without a replier");
        await client.DisposeAsync();
        await FailsAsync(GatewayError.Disposed, async () => await asked);
    }

    private static async Task<GatewayProcessor> StartReplierAsync(GatewayClient client, string queue)
    {
        var replier = client.CreateProcessor(queue, new GatewayProcessorOptions { ConcurrencyMax = 8 });
        replier.ProcessMessageAsync += async handling =>
            await handling.Message.ReplyAsync($"re-{handling.Message.As<int>()}", cancellationToken: handling.CancellationToken);
        await replier.StartProcessingAsync(Limit());
        return replier;
    }
}
