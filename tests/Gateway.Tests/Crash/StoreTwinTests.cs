using Gateway.Cli.Demo.Processes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// One name twice, live at once, on copies of one store; and an operator's word that has to outlive the process that took it.
/// </summary>
[Kind(Kind.Process)]
public sealed class StoreTwinTests : StoreHistoryTest
{
    [Fact]
    public async Task A_copy_under_the_name_of_its_original_is_StoreForked_then_DuplicateName_and_loses_nothing_once_it_has_its_own()
    {
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "1", "2");
        await UntilArrivedAsync(2);
        await StopAsync(Shop);
        var twin = NewTwin();
        Copy(Shop, twin);
        await StartAsync(Shop);
        await SendAsync(Shop, "A-1");
        await UntilArrivedAsync(3);
        await StartAsync(twin);
        await SendAsync(twin, "B-1", "B-2");
        await UntilCauseAsync(twin, LinkCause.StoreForked);
        await SendAsync(Shop, "A-2");
        await UntilArrivedAsync(4);

        await StopAsync(twin);
        var list = await RenewAsync(twin);
        list.Count(line => line.EndsWith("was not sent from here", StringComparison.Ordinal)).ShouldBe(2);
        await StartAsync(twin);
        await UntilCauseAsync(twin, LinkCause.DuplicateName);
        await UntilCauseAsync(Shop, LinkCause.DuplicateName);
        await StopAsync(twin);
        Directory.Move(twin.StorePath, Shop2.StorePath);
        await StartAsync(Shop2);

        await UntilArrivedAsync(6);
        (await ReceiveAsync(Billing, 6)).Order(StringComparer.Ordinal).ShouldBe(["1", "2", "A-1", "A-2", "B-1", "B-2"]);
    }

    [Fact]
    public async Task A_peer_that_was_accepted_while_it_was_away_stays_accepted_when_the_gateway_is_killed_before_it_comes_back()
    {
        await StartAsync(Shop, Billing);
        await SendAsync(Shop, "1");
        await UntilArrivedAsync(1);
        await StopAsync(Billing);
        var copy = CopyOf(Billing);
        await StartAsync(Billing);
        await SendAsync(Shop, "2", "3");
        await UntilArrivedAsync(3);
        await StopAsync(Billing);
        PutBack(copy, Billing);
        await StartAsync(Billing);
        await UntilCauseAsync(Shop, LinkCause.PeerWentBack);
        await StopAsync(Billing);
        await SendAsync(Shop, "4");

        await AcceptAsync();
        await Shop.KillAsync();
        await StartAsync(Shop, Billing);

        await UntilArrivedAsync(2);
        (await ReceiveAsync(Billing, 2)).ShouldBe(["1", "4"]);
        (await OperatorView.LinkAsync(NewClient(Shop), "billing")).History.ShouldContain(change => change.Evidence.Contains("accepted by"));
    }

    private TestGateway NewTwin()
    {
        var ports = LoopbackPort.Free(3);
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "twin")).FullName;
        return Track(new TestGateway(Shop.Settings with
        {
            Folder = folder,
            IntakePort = ports[0],
            LinksPort = ports[1],
            More = new Dictionary<string, string>(Shop.Settings.More) { ["Gateway:Http:Address"] = $"http://127.0.0.1:{ports[2]}" }
        }));
    }
}
