using System.Text;
using Gateway.Client;
using Gateway.Client.Processing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>What an application's tests replace, and the models that they make.</summary>
public sealed class ReplacedClientTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task EnqueueAsync_OfATypedMessage_ReachesTheOverride()
    {
        await using var client = new ReplacedClient();

        await client.EnqueueAsync("orders@billing", "seven", cancellationToken: Token);

        var (destination, body, options) = client.Enqueued.ShouldHaveSingleItem();
        destination.ShouldBe("orders@billing");
        Encoding.UTF8.GetString(body).ShouldBe("\"seven\"");
        options!.Headers![TypedMessages.ContentTypeHeader].ShouldBe("application/json");
    }

    [Fact]
    public async Task Processor_OfAReplacedClient_SettlesItsMessages()
    {
        var (good, bad, own) = (new SettledMessage("1"), new SettledMessage("\"x\""), new SettledMessage("3"));
        await using var client = new ReplacedClient(good, bad, own);
        await using var processor = client.CreateProcessor("orders");
        processor.ProcessMessageAsync += async args =>
        {
            if (args.Message.As<int>() == 3)
                await args.CompleteMessageAsync(args.Message, args.CancellationToken);
        };

        await processor.StartProcessingAsync(Token);

        (await good.Settled.WaitAsync(Token)).ShouldBe("complete");
        (await bad.Settled.WaitAsync(Token)).ShouldStartWith("reject: Gateway.Client.UnreadableMessageException");
        (await own.Settled.WaitAsync(Token)).ShouldBe("complete");
        // A second settlement would have thrown in the processor.
        await processor.StopProcessingAsync(Token);
    }

    [Fact]
    public async Task Calls_ThatAreNotOverridden_SayThatThereIsNoGateway()
    {
        await using var client = new ReplacedClient();

        var fault = await Should.ThrowAsync<NotSupportedException>(async () => await client.GetQueueAsync("orders", Token));

        fault.Message.ShouldContain("Override the member");
    }

    [Fact]
    public async Task PeerStateChanged_OfAReplacedClient_IsRaisedByTheTest()
    {
        await using var client = new ReplacedClient();
        var told = new List<PeerInfo>();
        client.PeerStateChanged += (_, news) => told.Add(news.Peer);

        client.Tell(new PeerInfo("billing", false, "Refused", "nobody listens"));

        told.ShouldBe([new PeerInfo("billing", false, "Refused", "nobody listens")]);
    }

    [Fact]
    public async Task AMessageOfATest_HasWhatItWasGiven()
    {
        var time = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var id = MessageId.New(time);

        var message = GatewayModels.ReceivedMessage(
            "orders", "7"u8.ToArray(), new Dictionary<string, string> { ["key"] = "ada" }, id, 3, time, time.AddHours(1), "shop");

        message.ShouldSatisfyAllConditions(
            () => message.As<int>().ShouldBe(7),
            () => message.Key.ShouldBe("ada"),
            () => (message.Queue, message.Id, message.Deliveries, message.Source).ShouldBe(("orders", id, 3, "shop")),
            () => (message.EnqueuedAt, message.ExpiresAt).ShouldBe((time, time.AddHours(1))));
        await message.CompleteAsync(Token);
        message.IsHeld.ShouldBeTrue();
    }
}
