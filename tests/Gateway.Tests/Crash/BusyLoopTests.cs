using System.Globalization;
using System.Text;
using System.Text.Json;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Tests.Transport.Zmtp;
using NetMQ;
using NetMQ.Sockets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Work by the ten thousand, and somebody beside it who only wants to know whether the gateway is there.</summary>
[Collection(ProcessCollection.Name)]
public sealed class BusyLoopTests : LinkTest
{
    private const int AtOnce = 256;

    /// <summary>Far below what work without turns takes here, and far above what turns take on a busy machine.</summary>
    private static readonly TimeSpan _pauseMax = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_peer_that_comes_back_to_ten_thousand_queues_of_three_messages_lets_nobody_wait()
    {
        const int queues = 10_000;
        const int each = 3;
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);
        await far.KillAsync();
        await FillAsync(client, queues, each, $"@{Far}");

        await using var nearProber = new LoopProber(near);
        await far.StartReadyAsync(Token);
        await using var farProber = new LoopProber(far);
        var atFar = NewClient(far);
        await UntilAsync("all has arrived", async () => (await OperatorView.StateAsync(atFar, Token)).Messages() == queues * each);
        await UntilAsync("all is acknowledged", async () => (await OperatorView.StateAsync(client, Token)).Messages() == 0);

        foreach (var prober in new[] { nearProber, farProber })
        {
            prober.Answers.ShouldBePositive();
            prober.Longest.ShouldBeLessThan(_pauseMax);
        }

        foreach (var gateway in new[] { client, atFar })
            (await OperatorView.StateAsync(gateway, Token)).LoopTurnMaxSeconds.ShouldBeLessThan(_pauseMax.TotalSeconds);
    }

    [Fact]
    public async Task A_hundred_questions_in_one_request_over_twenty_thousand_queues_let_nobody_wait_and_listings_come_in_pages()
    {
        const int queues = 20_000;
        var port = LoopbackPort.Free(1)[0];
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Http:Address"] = address }, "near")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await FillAsync(client, queues, 1, "@near");
        await using var prober = new LoopProber(gateway);

        AskPacked(gateway, 100, "READY", number => [$"r{number}"]).ShouldAllBe(answer => answer[2] == "near" && answer[3] == "");
        AskPacked(gateway, 100, "DEPTH", number => [$"r{number}", $"reply-{number}"]).ShouldAllBe(answer => answer[2] == "1");

        using var http = new HttpClient { BaseAddress = new Uri(address) };
        var names = new HashSet<string>();
        for (long? after = 0; after is not null;)
        {
            var page = JsonDocument.Parse(await http.GetStringAsync($"api/v1/queues?limit=1000&after={after}", Token)).RootElement;
            page.GetProperty("queues").GetArrayLength().ShouldBeLessThanOrEqualTo(1000);
            foreach (var queue in page.GetProperty("queues").EnumerateArray())
                names.Add(queue.GetProperty("name").GetString()!).ShouldBeTrue();
            after = page.TryGetProperty("next", out var next) && next.ValueKind == JsonValueKind.Number ? next.GetInt64() : null;
        }

        names.Count.ShouldBe(queues);
        var state = JsonDocument.Parse(await http.GetStringAsync("api/v1/state", Token)).RootElement;
        state.GetProperty("queues").GetArrayLength().ShouldBe(500);
        state.GetProperty("inbound").GetProperty("queues").GetInt32().ShouldBe(queues);
        prober.Longest.ShouldBeLessThan(_pauseMax);
        (await OperatorView.StateAsync(client, Token)).LoopTurnMaxSeconds.ShouldBeLessThan(_pauseMax.TotalSeconds);
    }

    [Fact]
    public async Task A_name_beyond_what_one_application_may_fill_is_refused_and_room_comes_back_with_what_is_taken()
    {
        var port = LoopbackPort.Free(1)[0];
        var address = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");
        var gateway = NewGateways(new Dictionary<string, string>
        { ["Gateway:Http:Address"] = address, ["Gateway:Store:ApplicationQueuesMax"] = "3" }, "near")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        await FillAsync(client, 3, 1, "@near");

        var refused = await Should.ThrowAsync<GatewayException>(
            async () => await client.EnqueueAsync("reply-3@near", "x"u8.ToArray(), cancellationToken: Token));
        (refused.Reason, refused.Message.Contains("Store:ApplicationQueuesMax", StringComparison.Ordinal))
            .ShouldBe((GatewayError.StoreFull, true));
        using var http = new HttpClient { BaseAddress = new Uri(address) };
        using var answer = await http.PostAsync("api/v1/queues/reply-3@near/messages", new ByteArrayContent([1]), Token);
        ((int)answer.StatusCode).ShouldBe(507);

        await client.EnqueueAsync("reply-0@near", "y"u8.ToArray(), cancellationToken: Token);
        await foreach (var message in client.ReceiveAsync("reply-1", new ReceiveOptions { Prefetch = 1 }, Token))
        {
            await message.CompleteAsync(Token);
            break;
        }

        await client.EnqueueAsync("reply-3@near", "x"u8.ToArray(), cancellationToken: Token);
    }

    private static async Task FillAsync(GatewayClient client, int queues, int each, string at) => await Parallel.ForEachAsync(
        Enumerable.Range(0, queues),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Token },
        async (number, cancellationToken) =>
        {
            var messages = Enumerable.Range(0, each).Select(copy => new OutgoingMessage { Body = new[] { (byte)copy } }).ToArray();
            await client.EnqueueAsync($"reply-{number}{at}", messages, cancellationToken);
        });

    /// <summary>So many requests in one frame, and what is answered to each.</summary>
    private static List<string[]> AskPacked(TestGateway gateway, int count, string verb, Func<int, string[]> rest)
    {
        using var socket = new DealerSocket(gateway.Address);
        socket.SendMoreFrame("HELLO").SendMoreFrame("1").SendFrame("asker");
        socket.ReceiveMultipartBytes();
        byte[] packed = [.. Enumerable.Range(0, count).SelectMany(number => ZmtpBytes.Message([verb, .. rest(number)]))];
        socket.SendMoreFrame("PACKED").SendFrame(packed);
        var answers = new List<string[]>();
        while (answers.Count < count)
        {
            var frames = socket.ReceiveMultipartBytes();
            foreach (var answer in frames[0].AsSpan().SequenceEqual("PACKED"u8) ? Unpack(frames[1]) : [frames])
            {
                answers.Add([.. answer.Select(Encoding.UTF8.GetString)]);
                answers[^1][0].ShouldBe(verb);
            }
        }

        return answers;
    }

    private static List<List<byte[]>> Unpack(byte[] packed)
    {
        var found = new List<List<byte[]>>();
        var messages = new PackedMessages(packed);
        while (messages.TryNext(out var frames)) found.Add(frames);
        return found;
    }
}
