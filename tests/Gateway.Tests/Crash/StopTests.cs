using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>How a gateway stops when it is asked to.</summary>
[Kind(Kind.Process)]
public sealed class StopTests : ProcessTest
{
    /// <summary>Below the time for which a stop may wait for a peer.</summary>
    private static readonly TimeSpan _quick = TimeSpan.FromSeconds(4);

    [Theory]
    [InlineData((int)TestProcess.UnixSignal.Terminate)]
    [InlineData((int)TestProcess.UnixSignal.Interrupt)]
    public async Task A_signal_stops_it_quickly_with_a_goodbye_and_exit_code_0(int signal)
    {
        var gateways = NewGateways("near", "far", "absent");
        var (near, far) = (gateways[0], gateways[1]);
        await Task.WhenAll(near.StartReadyAsync(Token), far.StartReadyAsync(Token));
        var (atNear, atFar) = (NewClient(near), NewClient(far));
        await UntilAsync("the link is up", async () => (await OperatorView.StateAsync(atNear, Token)).LinkTo("far").State == LinkState.Up);
        await UntilAsync("the link back is up", async () => (await OperatorView.StateAsync(atFar, Token))
            .LinkTo("near").State == LinkState.Up);
        // Neither messages for an absent peer nor an application that listens may hold it up.
        await atFar.SendAllAsync("q@absent", ProcessMessages.Numbered(100));
        var listening = atFar.TakeAsync("q", 1);

        var began = TimeProvider.System.GetTimestamp();
        far.Process.Send((TestProcess.UnixSignal)signal);
        (await InTimeAsync("far stops", far.Process.Ended)).ShouldBe(0);

        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(_quick);
        far.Process.Errors.ShouldBeEmpty();
        await UntilAsync("near knows the cause", async () => (await OperatorView.StateAsync(atNear, Token))
            .LinkTo("far") is { State: not LinkState.Up, Cause: LinkCause.GoingAway or LinkCause.Refused });
        await far.StartReadyAsync(Token);
        await atNear.SendAsync("q@far", "hello again");
        (await InTimeAsync("the listening application goes on", listening)).ShouldBe(["hello again"]);
        CheckMessages(await OperatorView.StateAsync(atFar, Token), "q@absent", 100);
    }

    [Fact]
    public async Task The_goodbye_of_a_peer_is_the_cause_of_its_link()
    {
        var gateways = NewGateways(new Dictionary<string, string> { ["Gateway:Links:BackoffMin"] = "00:00:00.200" }, "near", "far");
        await Task.WhenAll(gateways.Select(gateway => gateway.StartReadyAsync(Token)));
        var atNear = NewClient(gateways[0]);
        await UntilAsync("the link is up", async () => (await OperatorView.StateAsync(atNear, Token)).LinkTo("far").State == LinkState.Up);

        (await InTimeAsync("far stops", gateways[1].StopAsync())).ShouldBe(0);

        await UntilAsync(
            "it was said", () => gateways[0].Process.Output.Contains("Link to far is Down (GoingAway)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_accepted_while_it_is_told_to_stop_is_delivered_once_and_in_order()
    {
        const int Count = 2_000;
        var gateways = NewGateways("near", "far");
        var near = gateways[0];
        await Task.WhenAll(gateways.Select(gateway => gateway.StartReadyAsync(Token)));
        var (atNear, atFar) = (NewClient(near), NewClient(gateways[1]));
        var receipts = ProcessMessages.Numbered(Count).Select(text => atNear.SendAsync("q@far", text).AsTask()).ToArray();
        var taking = atFar.TakeAsync("q", Count);

        await InTimeAsync("some receipts", receipts[Count / 4]);
        (await InTimeAsync("near stops", near.StopAsync())).ShouldBe(0);
        await near.StartReadyAsync(Token);

        await InTimeAsync("all receipts", Task.WhenAll(receipts));
        (await InTimeAsync("all messages", taking)).ShouldBe(ProcessMessages.Numbered(Count));
        await UntilAsync("near has nothing left", async () => (await OperatorView.StateAsync(atNear, Token)).Messages() == 0);
        (await OperatorView.StateAsync(atFar, Token)).Messages().ShouldBe(0);
    }

    private static void CheckMessages(GatewayView view, string queue, long count) => view.MessagesOf(queue).ShouldBe(count);
}
