using System.Threading.Channels;
using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>The reports to a client about the links of its gateway.</summary>
public sealed class PeerStateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AHandler_IsToldOfEachChange_AndAgainAfterTheGatewayWasRestarted()
    {
        var told = Channel.CreateBounded<PeerStateChangedEventArgs>(16);
        var gateway = new FakeGateway(Watched);
        var port = gateway.Port;
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });
        client.PeerStateChanged += (_, change) => told.Writer.TryWrite(change);

        var down = await told.Reader.ReadAsync(Token);
        down.Peer.ShouldBe(new PeerInfo("billing", IsUp: false, "Refused", "nothing listens"));
        (await told.Reader.ReadAsync(Token)).Peer.IsUp.ShouldBeTrue();

        gateway.Dispose();
        using var again = await FakeGateway.BindAgainAsync(Watched, port, Token);
        (await told.Reader.ReadAsync(Token)).Peer.IsUp.ShouldBeFalse();
    }

    [Fact]
    public async Task AHandlerThatThrows_HarmsNobodyElse()
    {
        using var gateway = new FakeGateway(Watched);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });
        var thrown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        client.PeerStateChanged += (_, _) =>
        {
            thrown.TrySetResult();
            throw new InvalidOperationException("a mistake of the application");
        };

        await thrown.Task.WaitAsync(Token);

        (await client.EnqueueAsync("orders@billing", "x"u8.ToArray(), null, Token)).MessageId.ShouldNotBe(default);
    }

    [Fact]
    public async Task GetQueue_TellsWhatWaits_AndHowThePeerIsToWhichItLeads()
    {
        using var gateway = new FakeGateway(request => request switch
        {
            Request.Depth { Name: "orders@billing" } r => [new Reply.Depth(r.Id, 3, 300, 0, "down", "Refused", "nothing listens")],
            Request.Depth { Name: "orders" } r => [new Reply.Depth(r.Id, 2, 20, 1000, "", "", "")],
            Request.Depth r => [new Reply.Rejected(r.Id, WireCode.NoRoute, "no such peer")],
            _ => [],
        });
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });

        (await client.GetQueueAsync("orders@billing", Token))
            .ShouldBe(new QueueInfo(3, 300, new PeerInfo("billing", IsUp: false, "Refused", "nothing listens")));
        (await client.GetQueueAsync("orders", Token)).ShouldBe(
                new QueueInfo(2, 20, null) { OldestAt = DateTimeOffset.UnixEpoch.AddSeconds(1) });
        (await Should.ThrowAsync<GatewayException>(() => client.GetQueueAsync("q@nobody", Token).AsTask())).Reason.ShouldBe(
            GatewayError.NoRoute);
    }

    [Fact]
    public async Task GetGateway_SaysWhyItTakesNothing()
    {
        using var gateway = new FakeGateway(
            request => request is Request.Ready r ? [new Reply.Ready(r.Id, "shop", "the disk is full")] : []);
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });

        (await client.GetGatewayAsync(Token)).ShouldBe(new GatewayInfo("shop", IsReady: false, "the disk is full"));
    }

    private static IEnumerable<Reply> Watched(Request request) => request is Request.Watch watch
        ? [new Reply.Settled(watch.Id), new Reply.Peer("billing", "down", "Refused", "nothing listens"),
            new Reply.Peer("billing", "up", "Refused", "nothing listens")]
        : FakeGateway.Obliging(request);
}
