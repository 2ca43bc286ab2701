using Gateway.Client;
using Gateway.Client.Hosting;
using Gateway.Client.Processing;
using Gateway.Client.Testing;
using Gateway.Tests.Packaging;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client.Testing;

/// <summary>The lines about tests that the pages of the client show stand here too, and do what the pages say.</summary>
public sealed class PageLinesTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Shop _shop = new();

    [Theory]
    [InlineData("client/README.md", "Testing your code", 2)]
    [InlineData("client/Gateway.Client.Testing/README.md", null, 3)]
    public void Lines_AreThoseOfThisFile(string page, string? heading, int blocks)
    {
        var here = LinesOf(File.ReadAllText(Path.Combine(SourceTree.Root, "tests/Gateway.Tests/Client/Testing/PageLinesTests.cs")))
            .ToHashSet();
        var shown = PageBlock.Of(page).Where(block => block.Language == "csharp" && (heading is null || block.Heading == heading)).ToList();

        shown.Count.ShouldBe(blocks);
        shown.SelectMany(block => LinesOf(block.Text)).Where(line => !here.Contains(line)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_sent()
    {
        var (time, shop) = (_time, _shop);
        using var gateway = new InMemoryGateway(new InMemoryGatewayOptions { Name = "shop", Peers = { "billing" } }, time);
        await using var client = gateway.CreateClient();

        await shop.OrderAsync(client, "7");

        var sent = gateway.Enqueued.Single();
        Assert.Equal("orders@billing", sent.Destination);
    }

    [Fact]
    public async Task What_was_sent_in_short()
    {
        var shop = _shop;
        using var gateway = new InMemoryGateway(new InMemoryGatewayOptions { Peers = { "billing" } });
        await using var client = gateway.CreateClient();
        await shop.OrderAsync(client, "7");
        Assert.Equal("orders@billing", gateway.Enqueued.Single().Destination);
    }

    [Fact]
    public async Task Time()
    {
        var (time, options) = (_time, new GatewayProcessorOptions());
        using var gateway = new InMemoryGateway(time: time);
        await using var client = gateway.CreateClient();
        await using var processor = client.CreateProcessor("orders", options, time: time);

        processor.State.ShouldBe(ProcessorState.Stopped);
    }

    [Fact]
    public async Task Faults()
    {
        var (time, shop) = (_time, _shop);
        using var gateway = new InMemoryGateway(new InMemoryGatewayOptions { Peers = { "billing" } }, time);
        await using var client = gateway.CreateClient();

        gateway.FailNextEnqueue(EnqueueFault.AnswerLost);
        var order = shop.OrderAsync(client, "7");
        time.Advance(TimeSpan.FromSeconds(30));
        await order;
        Assert.Single(gateway.Enqueued);
    }

    [Fact]
    public async Task A_message_for_a_handler()
    {
        var (body, stop) = ("7"u8.ToArray(), TestContext.Current.CancellationToken);
        var (handler, order) = (new Seller(), 7);

        var message = GatewayModels.ReceivedMessage("orders", body, deliveries: 2);
        await handler.HandleAsync(order, new ProcessMessageEventArgs(message, stop), stop);

        handler.Deliveries.ShouldBe(2);
    }

    /// <summary>Without comments and white space around.</summary>
    private static IEnumerable<string> LinesOf(string text) =>
        text.Split('\n').Select(line => line.Split("  //")[0].Trim()).Where(line => line.Length > 0);

    private sealed class Seller : IMessageHandler<int>
    {
        public int Deliveries { get; private set; }

        public Task HandleAsync(int message, ProcessMessageEventArgs args, CancellationToken cancellationToken)
        {
            Deliveries = args.Message.Deliveries;
            return Task.CompletedTask;
        }
    }
}
