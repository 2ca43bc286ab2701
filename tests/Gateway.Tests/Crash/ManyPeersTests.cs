using Gateway.Client;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// A gateway with several peers, some of which are in trouble: the others get theirs all the same. Only counts are looked at; the benchmark
/// many-peers looks at times.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class ManyPeersTests : LinkTest
{
    private const string Queue = "jobs";
    private const int Count = 500;

    private static readonly string[] _texts = [.. ProcessMessages.Numbered(Count)];

    [Fact]
    public async Task What_is_for_the_others_arrives_while_one_peer_hangs_one_is_dead_and_one_refuses()
    {
        var gateways = NewGateways(Quick, "near", "well", "fine", "hung", "dead", "full");
        var (near, well, fine, hung, dead) = (gateways[0], gateways[1], gateways[2], gateways[3], gateways[4]);
        var full = Track(new TestGateway(gateways[5].Settings with
        { More = new Dictionary<string, string>(gateways[5].Settings.More) { ["Gateway:Store:QueueMessagesMax"] = "1" } }));
        await Task.WhenAll(new[] { near, well, fine, hung, dead, full }.Select(gateway => gateway.StartReadyAsync(Token)));
        var client = NewClient(near);
        await Task.WhenAll(new[] { well, fine, hung, dead, full }.Select(gateway => OperatorView.UntilUpAsync(client, gateway.Name)));
        await client.SendAsync($"{Queue}@full", _texts[0]);
        await UntilAsync("its queue is full", async () => await WaitingAsync(client, full) == 0);

        hung.Process.Send(TestProcess.UnixSignal.Stop);
        await dead.KillAsync();
        await Task.WhenAll(
            client.SendAllAsync($"{Queue}@hung", _texts),
            client.SendAllAsync($"{Queue}@dead", _texts),
            client.SendAllAsync($"{Queue}@full", _texts[1..]),
            client.SendAllAsync($"{Queue}@well", _texts),
            client.SendAllAsync($"{Queue}@fine", _texts));

        (await TakeAsync(well)).ShouldBe(_texts);
        (await TakeAsync(fine)).ShouldBe(_texts);
        (await WaitingAsync(client, hung)).ShouldBe(Count);
        (await WaitingAsync(client, dead)).ShouldBe(Count);
        (await WaitingAsync(client, full)).ShouldBe(Count - 1);
        await OperatorView.UntilAsync(client, hung.Name, LinkState.Down, LinkCause.HalfOpen);
        await OperatorView.UntilAsync(client, dead.Name, LinkState.Down, LinkCause.Refused);
        await OperatorView.UntilAsync(client, full.Name, LinkState.Up, LinkCause.PeerRefuses);

        hung.Process.Send(TestProcess.UnixSignal.Continue);
        await dead.StartReadyAsync(Token);
        foreach (var gateway in new[] { hung, dead, full }) (await TakeAsync(gateway)).ShouldBe(_texts);
    }

    private Task<IReadOnlyList<string>> TakeAsync(TestGateway gateway) =>
        InTimeAsync($"the messages for {gateway.Name}", NewClient(gateway).TakeAsync(Queue, Count));

    /// <summary>Messages that the peer has not acknowledged.</summary>
    private static async Task<long> WaitingAsync(GatewayClient client, TestGateway peer) =>
        (await OperatorView.StateAsync(client, Token)).MessagesOf($"{Queue}@{peer.Name}");
}
