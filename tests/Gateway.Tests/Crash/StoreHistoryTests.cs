using System.Text;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Stores that are copied, put back, renamed and moved, between real gateways: nothing is lost silently, and each case has a cause that
/// stays.
/// </summary>
[Kind(Kind.Process)]
public sealed class StoreHistoryTests : StoreHistoryTest
{
    [Fact]
    public async Task A_copy_that_runs_beside_its_original_is_StoreTwice_and_sends_what_it_has_once_it_is_renewed()
    {
        await StartAsync(Shop);
        await SendAsync(Shop, "1", "2", "3", "4", "5");
        await StopAsync(Shop);
        Copy(Shop, Shop2);
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "A-1", "A-2");
        await UntilArrivedAsync(7);
        await StartAsync(Shop2);
        await UntilCauseAsync(Shop2, LinkCause.StoreTwice);
        await SendAsync(Shop2, "B-1", "B-2");
        await SendAsync(Shop, "A-3", "A-4");
        await UntilArrivedAsync(9);

        await StopAsync(Shop);
        await UntilCauseAsync(Shop2, LinkCause.StoreForked);
        await StopAsync(Shop2);
        var list = await RenewAsync(Shop2);
        list.ShouldContain(line => line.StartsWith("orders@billing 6 ", StringComparison.Ordinal)
            && line.EndsWith("was not sent from here", StringComparison.Ordinal));
        await StartAsync(Shop, Shop2);

        await UntilArrivedAsync(16);
        var bodies = await ReceiveAsync(Billing, 16);
        bodies.Order(StringComparer.Ordinal)
            .ShouldBe(["1", "1", "2", "2", "3", "3", "4", "4", "5", "5", "A-1", "A-2", "A-3", "A-4", "B-1", "B-2"]);
    }

    [Fact]
    public async Task A_sender_that_is_put_back_is_StoreForked_however_much_it_accepts_and_sends_it_once_it_is_renewed()
    {
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "1", "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(Shop);
        var copy = CopyOf(Shop);
        await StartAsync(Shop);
        await SendAsync(Shop, "4", "5", "6", "7", "8");
        await UntilArrivedAsync(8);
        await Shop.KillAsync();
        await StopAsync(Billing);
        PutBack(copy, Shop);

        // Each start would find a longer tail.
        await StartAsync(Shop);
        await SendAsync(Shop, "9", "10", "11", "12", "13", "14", "15");
        await Shop.KillAsync();
        await StartAsync(Shop);
        await StartAsync(Billing);
        await UntilCauseAsync(Shop, LinkCause.StoreForked);
        await SendAsync(Shop, "16", "17");
        (await LinkAsync(Shop)).Cause.ShouldBe(LinkCause.StoreForked);

        await StopAsync(Shop);
        await RenewAsync(Shop);
        await StartAsync(Shop);
        await UntilArrivedAsync(17);
        (await ReceiveAsync(Billing, 17)).ShouldBe(Enumerable.Range(1, 17).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_receiver_that_is_put_back_is_PeerWentBack_with_the_numbers_until_it_is_accepted()
    {
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "1", "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(Billing);
        var copy = CopyOf(Billing);
        await StartAsync(Billing);
        await SendAsync(Shop, "4", "5", "6");
        await UntilArrivedAsync(6);
        await Billing.KillAsync();
        PutBack(copy, Billing);
        await SendAsync(Shop, "7");
        await StartAsync(Billing);

        var link = await UntilCauseAsync(Shop, LinkCause.PeerWentBack);
        link.Evidence!.ShouldContain("4 to 6 of queue orders");
        await Shop.KillAsync();
        await StartAsync(Shop);
        await UntilCauseAsync(Shop, LinkCause.PeerWentBack);
        (await OperatorView.StateAsync(NewClient(Billing), Token)).Messages().ShouldBe(3);
        await AcceptAsync();

        await UntilArrivedAsync(4);
        (await ReceiveAsync(Billing, 4)).ShouldBe(["1", "2", "3", "7"]);
        (await OperatorView.LinkAsync(NewClient(Shop), "billing")).History.ShouldContain(change => change.Evidence.Contains("accepted by"));
    }

    [Fact]
    public async Task Both_sides_put_back_to_one_moment_go_on()
    {
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "1", "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(Shop);
        await StopAsync(Billing);
        var (shop, billing) = (CopyOf(Shop), CopyOf(Billing));
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "4", "5");
        await UntilArrivedAsync(5);
        await Shop.KillAsync();
        await Billing.KillAsync();
        PutBack(shop, Shop);
        PutBack(billing, Billing);
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "6");

        await UntilArrivedAsync(4);
        (await ReceiveAsync(Billing, 4)).ShouldBe(["1", "2", "3", "6"]);
    }

    [Fact]
    public async Task A_sender_that_moves_as_a_whole_and_gets_another_name_goes_on()
    {
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "1", "2");
        await UntilArrivedAsync(2);
        await StopAsync(Billing);
        await SendAsync(Shop, "3");
        await StopAsync(Shop);
        Directory.Move(Shop.StorePath, Shop2.StorePath);
        await StartAsync(Shop2, Billing);
        await SendAsync(Shop2, "4");

        await UntilArrivedAsync(4);
        (await ReceiveAsync(Billing, 4)).ShouldBe(["1", "2", "3", "4"]);
        (await OperatorView.LinkAsync(NewClient(Shop2), "billing")).History.ShouldContain(
            change => change.Evidence.Contains("knew this store under the name shop"));
    }

    [Fact]
    public async Task A_receiver_that_gets_another_name_does_not_take_new_messages_for_ones_that_it_has()
    {
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "1", "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(Billing);
        Directory.Move(Billing.StorePath, Billing2.StorePath);
        var client = NewClient(Shop);
        foreach (var body in new[] { "4", "5" })
            await client.EnqueueAsync("orders@billing2", Encoding.UTF8.GetBytes(body), cancellationToken: Token);
        await StartAsync(Billing2);

        (await ReceiveAsync(Billing2, 5)).ShouldBe(["1", "2", "3", "4", "5"]);
    }
}
