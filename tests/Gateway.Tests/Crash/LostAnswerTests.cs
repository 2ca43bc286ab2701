using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The first batch of a queue arrives, and its answer is lost: what was sent comes once, whether the sender goes on or is restarted; and a
/// sender that was put back to before it does not take the peer's position for an answer to what it has accepted since.
/// </summary>
[Kind(Kind.Process)]
public sealed class LostAnswerTests : StoreHistoryTest
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Messages_whose_answer_was_lost_are_not_sent_again_and_the_next_ones_follow(bool isKilled)
    {
        var (proxy, shop) = ThroughAProxy();
        await StartAsync(shop, Billing);
        await SendInVainAsync(proxy, shop, "1", "2", "3");
        if (isKilled) await shop.KillAsync();
        proxy.SwallowsAnswers = false;
        proxy.Reset();
        if (isKilled) await StartAsync(shop);
        await SendAsync(shop, "4");

        await UntilArrivedAsync(4);
        (await ReceiveAsync(Billing, 4)).ShouldBe(["1", "2", "3", "4"]);
        await UntilAsync("nothing waits", async () => (await OperatorView.StateAsync(NewClient(shop), Token)).Messages() == 0);
    }

    [Fact]
    public async Task A_store_that_was_put_back_to_before_them_does_not_take_the_position_for_the_answer_to_others()
    {
        var (proxy, shop) = ThroughAProxy();
        await StartAsync(shop);
        await StopAsync(shop);
        var copy = CopyOf(shop);
        await StartAsync(shop, Billing);
        await SendInVainAsync(proxy, shop, "1");
        await shop.KillAsync();
        proxy.SwallowsAnswers = false;
        proxy.Reset();
        PutBack(copy, shop);
        await StartAsync(shop);
        await SendAsync(shop, "4", "5", "6");

        await UntilCauseAsync(shop, LinkCause.StoreForked);
        (await OperatorView.StateAsync(NewClient(shop), Token)).Messages().ShouldBe(3);
        await StopAsync(shop);
        await RenewAsync(shop);
        await StartAsync(shop);
        await UntilArrivedAsync(4);
        (await ReceiveAsync(Billing, 4)).ShouldBe(["1", "4", "5", "6"]);
    }

    private (TcpProxy Proxy, TestGateway Shop) ThroughAProxy()
    {
        var proxy = Track(TcpProxy.To(Billing.Settings.LinksPort));
        var peers = new Dictionary<string, string>(Shop.Settings.Peers) { ["billing"] = proxy.Address };
        return (proxy, Track(new TestGateway(Shop.Settings with { Peers = peers })));
    }

    /// <summary>The first of them opens the queue, and the others wait for the answer.</summary>
    private async Task SendInVainAsync(TcpProxy proxy, TestGateway shop, params string[] bodies)
    {
        await OperatorView.UntilUpAsync(NewClient(shop), "billing");
        proxy.SwallowsAnswers = true;
        await SendAsync(shop, bodies[0]);
        await UntilArrivedAsync(1);
        await SendAsync(shop, bodies[1..]);
    }
}
