using System.Threading.Channels;
using Gateway.Client;
using Gateway.Client.Wire;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Client;

/// <summary>What a client hears of the links of its gateway.</summary>
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
        (down.Peer, down.IsUp, down.Cause, down.Evidence).ShouldBe(("billing", false, "Refused", "nothing listens"));
        (await told.Reader.ReadAsync(Token)).IsUp.ShouldBeTrue();

        gateway.Dispose();
        using var again = await FakeGateway.BindAgainAsync(Watched, port, Token);
        (await told.Reader.ReadAsync(Token)).IsUp.ShouldBeFalse();
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
    public async Task GetLink_AndRetryLink_NameThePeer_AndAreRefusedForOneThatIsNone()
    {
        using var gateway = new FakeGateway(request => request switch
        {
            Request.Status { About: "link/billing" } r => [new Reply.Status(r.Id, "{\"x\":1}"u8.ToArray())],
            Request.Status r => [new Reply.Rejected(r.Id, WireCode.NoRoute, "no such peer")],
            Request.Retry { Peer: "billing" } r => [new Reply.Settled(r.Id)],
            Request.Retry r => [new Reply.Rejected(r.Id, WireCode.NoRoute, "no such peer")],
            _ => [],
        });
        await using var client = new GatewayClient(new GatewayClientOptions { Address = gateway.Address, ApplicationName = "test" });

        (await client.GetLinkAsync("billing", Token)).ShouldBe("{\"x\":1}");
        await client.RetryLinkAsync("billing", Token);
        (await Should.ThrowAsync<GatewayException>(() => client.GetLinkAsync("nobody", Token).AsTask())).Reason.ShouldBe(
            GatewayError.NoRoute);
        (await Should.ThrowAsync<GatewayException>(() => client.RetryLinkAsync("nobody", Token).AsTask())).Reason.ShouldBe(
            GatewayError.NoRoute);
    }

    private static IEnumerable<Reply> Watched(Request request) => request is Request.Watch watch
        ? [new Reply.Settled(watch.Id), new Reply.Peer("billing", "down", "Refused", "nothing listens"),
            new Reply.Peer("billing", "up", "Refused", "nothing listens")]
        : FakeGateway.Obliging(request);
}
