using System.Text;
using Gateway.Client;
using Gateway.Client.Requests;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Requests and replies between two real gateways, whose processes are killed in between.</summary>
[Collection(ProcessCollection.Name)]
public sealed class RequestTests : ProcessTest
{
    private const string Shop = "shop";
    private const string Destination = $"{RequestKillProcess.Queue}@{RequestKillProcess.ReplierGateway}";
    private const int Count = 1_000;

    /// <summary>A limit against hanging, not an expectation.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromMinutes(3);

    private static readonly Dictionary<string, string> _manyDeliveries = new() { ["Gateway:Inbox:DeliveriesMax"] = "1000000" };

    [Fact]
    public async Task A_thousand_at_once_have_their_replies_though_each_process_between_is_killed_and_no_queue_is_left()
    {
        var (shop, billing) = await StartAsync(_manyDeliveries);
        var (requester, operatorOfBilling) = (NewClient(shop), NewClient(billing));
        var replied = 0;

        var requests = Enumerable.Range(0, Count).Select(number => AskAsync(requester, $"{number}")).ToList();
        await using (StartReplier(billing, () => Interlocked.Increment(ref replied)))
            await UntilAsync("some are replied to", () => Volatile.Read(ref replied) > Count / 10);
        await billing.KillAsync();
        await shop.KillAsync();
        requests.ShouldContain(request => !request.IsCompleted);
        await Task.WhenAll(shop.StartReadyAsync(Token), billing.StartReadyAsync(Token));
        await using var replier = StartReplier(billing, () => Interlocked.Increment(ref replied));

        var replies = await InTimeAsync("all have their replies", Task.WhenAll(requests));
        replies.ShouldBe(Enumerable.Range(0, Count).Select(number => $"re: {number}"));
        await UntilAsync("all is completed", async () => (await OperatorView.StateAsync(operatorOfBilling, Token)).Messages() == 0
            && (await OperatorView.StateAsync(requester, Token)).Messages() == 0);
        (await OperatorView.StateAsync(requester, Token)).DeadLetters.ShouldBe(0);
        (await OperatorView.StateAsync(operatorOfBilling, Token)).DeadLetters.ShouldBe(0);

        await requester.DisposeAsync();
        foreach (var gateway in new[] { shop, billing })
            await NothingIsLeftAsync(gateway);
    }

    [Fact]
    public async Task The_reply_to_a_requester_that_was_killed_is_among_the_late_ones_of_its_next_run()
    {
        var (shop, billing) = await StartAsync([]);
        var atBilling = NewClient(billing);
        await using (Track(TestProcess.Start(
            RequestKillProcess.Start(RequestKillProcess.Requester, shop), Path.Combine(Folder, "requester.log"))))
        {
            await UntilAsync("its request has arrived",
                async () => (await atBilling.GetQueueAsync(RequestKillProcess.Queue, Token)).Messages == 1);
        }

        var asked = (await atBilling.PeekAsync(RequestKillProcess.Queue, cancellationToken: Token)).ShouldHaveSingleItem();
        await using var replier = StartReplier(billing);
        var next = Track(new GatewayClient(new GatewayClientOptions
        { Address = shop.Address, ReplyQueue = RequestKillProcess.ReplyQueue, RequestTimeout = _timeout }));
        OperatorView.Note(next, shop);
        await UntilAsync("its reply has arrived",
            async () => (await next.GetQueueAsync(RequestKillProcess.ReplyQueue, Token)).Messages == 1);
        await shop.KillAsync();
        await shop.StartReadyAsync(Token);

        await using var late = next.ReceiveLateRepliesAsync(cancellationToken: Token).GetAsyncEnumerator(Token);
        (await InTimeAsync("the late reply comes", late.MoveNextAsync().AsTask())).ShouldBeTrue();

        late.Current.CorrelationId.ShouldBe(asked.Id);
        late.Current.Queue.ShouldBe(RequestKillProcess.ReplyQueue + ".late");
        Encoding.UTF8.GetString(late.Current.Body.Span).ShouldBe("re: asked");
        await late.Current.CompleteAsync(Token);
        (await AskAsync(next, "again")).ShouldBe("re: again");
        await UntilAsync("nothing is left", async () => (await OperatorView.StateAsync(next, Token)).Messages() == 0);
    }

    [Fact]
    public async Task Nobody_works_on_a_request_that_timed_out()
    {
        var (shop, billing) = await StartAsync([]);
        var requester = NewClient(shop);
        var atBilling = NewClient(billing);

        (await Should.ThrowAsync<GatewayException>(
            () => requester.RequestAsync(Destination, "old"u8.ToArray(), TimeSpan.FromSeconds(1), cancellationToken: Token).AsTask()))
            .Reason.ShouldBe(GatewayError.NoReply);
        var replied = 0;
        await using var replier = StartReplier(billing, () => Interlocked.Increment(ref replied));

        (await AskAsync(requester, "new")).ShouldBe("re: new");
        await UntilAsync("the old one is a dead letter", async () => (await OperatorView.StateAsync(atBilling, Token)).DeadLetters
            + (await OperatorView.StateAsync(requester, Token)).DeadLetters == 1);
        await UntilAsync("the replier has said so", () => Volatile.Read(ref replied) > 0);
        Volatile.Read(ref replied).ShouldBe(1);
    }

    [Fact]
    public async Task The_rights_that_the_page_names_are_enough_and_each_is_needed()
    {
        const string Web = "Gateway:Intake:Applications:web";
        const string WebToken = "web-web-web-web-web";
        const string WorkerToken = "worker-worker-worker";
        const string Worker = "Gateway:Intake:Applications:worker";
        var (shop, billing) = await StartAsync(new Dictionary<string, string>
        {
            ["Gateway:Http:AllowWithoutTokens"] = "true",
            ["Gateway:Links:AllowPlainText"] = "true",
            [$"{Web}:Token"] = WebToken,
            [$"{Web}:Enqueue:0"] = Destination,
            [$"{Web}:Enqueue:1"] = "replies.web.late@shop",
            [$"{Web}:Receive:0"] = "replies.web.*",
            [$"{Worker}:Token"] = WorkerToken,
            [$"{Worker}:Enqueue:0"] = "replies.*@shop",
            [$"{Worker}:Receive:0"] = RequestKillProcess.Queue,
        });
        var web = NewApplication(shop, "web", WebToken);
        var other = NewApplication(shop, "other", WebToken);
        var worker = NewApplication(billing, "worker", WorkerToken);

        var asking = web.RequestAsync(Destination, "x"u8.ToArray(), _timeout, cancellationToken: Token).AsTask();
        await using var requests = worker.ReceiveAsync(RequestKillProcess.Queue, cancellationToken: Token).GetAsyncEnumerator(Token);
        await requests.MoveNextAsync();
        (await requests.Current.ReplyAsync("y"u8.ToArray(), cancellationToken: Token)).ShouldBe(ReplyOutcome.Sent);
        (await requests.Current.ReplyAsync("z"u8.ToArray(), cancellationToken: Token)).ShouldBe(ReplyOutcome.AnsweredBefore);

        (await InTimeAsync("the reply comes", asking)).Body.ToArray().ShouldBe("y"u8.ToArray());
        (await Should.ThrowAsync<GatewayException>(
            () => other.RequestAsync(Destination, "x"u8.ToArray(), _timeout, cancellationToken: Token).AsTask()))
            .Message.ShouldContain("lacks the right Receive from 'replies.other.");
    }

    private async Task<(TestGateway Shop, TestGateway Billing)> StartAsync(Dictionary<string, string> more)
    {
        var gateways = NewGateways(more, Shop, RequestKillProcess.ReplierGateway);
        await Task.WhenAll(gateways.Select(gateway => gateway.StartReadyAsync(Token)));
        return (gateways[0], gateways[1]);
    }

    private TestProcess StartReplier(TestGateway gateway, Action? onReplied = null) => Track(TestProcess.Start(
        RequestKillProcess.Start(RequestKillProcess.Replier, gateway), Path.Combine(Folder, "replier.log"), _ => onReplied?.Invoke()));

    private GatewayClient NewApplication(TestGateway gateway, string name, string token) => Track(new GatewayClient(
        new GatewayClientOptions { Address = gateway.Address, ApplicationName = name, Token = token, RequestTimeout = _timeout }));

    private static async Task<string> AskAsync(GatewayClient client, string text)
    {
        var reply = await client.RequestAsync(Destination, Encoding.UTF8.GetBytes(text), _timeout, cancellationToken: Token);
        return Encoding.UTF8.GetString(reply.Body.Span);
    }

    /// <summary>A gateway forgets an empty queue when 256 others have become empty after it.</summary>
    private async Task NothingIsLeftAsync(TestGateway gateway)
    {
        var client = NewClient(gateway);
        await Parallel.ForEachAsync(Enumerable.Range(0, 300), Token, async (number, cancellationToken) =>
        {
            await client.EnqueueAsync($"other-{number}@{gateway.Name}", new byte[1], cancellationToken: cancellationToken);
            await foreach (var message in client.ReceiveAsync($"other-{number}", cancellationToken: cancellationToken))
            {
                await message.CompleteAsync(cancellationToken);
                break;
            }
        });

        await UntilAsync($"{gateway.Name} has forgotten the reply queue", async () => !(await OperatorView.StateAsync(client, Token))
            .Queues.Any(queue => queue.Name.StartsWith("replies.", StringComparison.Ordinal)));
    }
}
