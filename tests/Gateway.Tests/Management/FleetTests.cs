using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Management;

/// <summary>The fleet as a whole core sees it: gateway "here" with its peers "there" and "far".</summary>
public sealed class FleetTests
{
    private readonly ManagementBench _bench = new();

    [Fact]
    public void Reading_AsksThePeersThatAreUp_AndIsAnsweredWhenTheyHaveAnswered()
    {
        _bench.Welcome("there");
        var fleet = Read(waits: true);
        fleet.ShouldBeEmpty();

        Tell("there", new GatewaySummary { Share = FleetShare.Totals, Outgoing = new WaitingSum(7, 70, 90_000) });

        Of(fleet.ShouldHaveSingleItem(), "there").Summary!.Outgoing.Messages.ShouldBe(7);
    }

    [Fact]
    public void Reading_WaitsNoLongerThanASecondForASilentPeer_AndNotAtAllWhenItNeedNot()
    {
        _bench.Welcome("there");
        var (waiting, atOnce) = (Read(waits: true), Read(waits: false));
        atOnce.ShouldHaveSingleItem();
        _bench.After(FleetReader.WaitMax - TimeSpan.FromMilliseconds(1));
        waiting.ShouldBeEmpty();
        _bench.Management.NextTick.ShouldBe(_bench.Clock.Uptime + TimeSpan.FromMilliseconds(1));

        _bench.After(TimeSpan.FromMilliseconds(1));

        Of(waiting.ShouldHaveSingleItem(), "there").Answer.ShouldBe(PeerAnswer.None);
    }

    [Fact]
    public void NobodyWhoReads_NoQuestion()
    {
        _bench.Welcome("there");
        for (var i = 0; i < 6; i++) _bench.After(TimeSpan.FromSeconds(1));

        _bench.SummariesAskedOf("there").ShouldBe(0);
        Read(waits: false);
        _bench.SummariesAskedOf("there").ShouldBe(1);
    }

    [Fact]
    public void APeerThatIsLost_IsShownWithTheLastKnownState_ItsAge_AndThisGatewaysCause()
    {
        _bench.Welcome("there");
        Read(waits: false);
        Tell("there", new GatewaySummary { Share = FleetShare.Totals, DeadLetters = 3, Condition = Condition.Error, Errors = 1 });
        _bench.Lose("there");
        _bench.After(TimeSpan.FromMinutes(5));

        var there = Of(Read(waits: false).Single(), "there");

        (there.Summary!.DeadLetters, there.Link!.Status.Cause).ShouldBe((3, LinkCause.ResetByPeer));
        there.Link.Status.State.ShouldNotBe(LinkState.Up);
        there.SummaryAt.ShouldBe(_bench.Clock.Now - TimeSpan.FromMinutes(5));
        there.Condition.ShouldBe(Condition.Warning, "what it said of itself then says nothing about now");
    }

    [Theory]
    [InlineData(nameof(FleetShare.Nothing))]
    [InlineData(nameof(FleetShare.Totals))]
    [InlineData(nameof(FleetShare.Everything))]
    public void APeerIsTold_WhatTheConfigurationShares(string word)
    {
        var share = Enum.Parse<FleetShare>(word);
        _bench.Management.Share = share;
        _bench.Enqueue("secret-plans@far", "a", "b");
        _bench.Enqueue("orders@there", "c");

        var told = _bench.Ask<GatewaySummary>(answer => _bench.Management.Summaries.Ask("there", answer));

        told.Share.ShouldBe(share);
        told.Outgoing.Messages.ShouldBe(share == FleetShare.Nothing ? 0 : 3);
        told.Back?.Waiting.Messages.ShouldBe(1);
        (told.Back is null).ShouldBe(share == FleetShare.Nothing);
        told.Queues.Select(queue => queue.Name).ShouldBe(share == FleetShare.Everything ? ["secret-plans@far", "orders@there"] : []);
        told.Peers.Select(peer => peer.Peer).ShouldBe(share == FleetShare.Everything ? ["far", "there"] : []);
        told.Findings.Any().ShouldBe(share == FleetShare.Everything);
        var bytes = System.Text.Encoding.UTF8.GetString(SummaryCodec.Encode(told));
        bytes.Contains("secret-plans", StringComparison.Ordinal).ShouldBe(share == FleetShare.Everything);
        bytes.Contains("far", StringComparison.Ordinal).ShouldBe(share == FleetShare.Everything);
    }

    [Fact]
    public void APeerThatAsksTooOften_IsNotAnswered_AndTheOthersAre()
    {
        var answers = new List<string>();
        void Ask(string peer)
        {
            _bench.Management.Summaries.Ask(peer, _ => answers.Add(peer));
            _bench.Run();
        }

        Ask("there");
        for (var i = 0; i < 50; i++) Ask("there");
        Ask("far");
        answers.ShouldBe(["there", "far"]);

        _bench.After(FleetDesk.AnswerEvery);
        Ask("there");

        answers.ShouldBe(["there", "far", "there"]);
    }

    [Fact]
    public void ManyPeersThatAsk_CostOneReadingOfTheStore()
    {
        _bench.Ask<GatewaySummary>(answer => _bench.Management.Summaries.Ask("there", answer));
        var asked = _bench.Asked;

        _bench.After(TimeSpan.FromSeconds(1.2));
        var before = _bench.Asked;
        _bench.Ask<GatewaySummary>(answer => _bench.Management.Summaries.Ask("far", answer)).AgeMs.ShouldBe(1200);

        _bench.Asked.ShouldBe(before);
        asked.ShouldBeGreaterThan(0);
    }

    private List<FleetState> Read(bool waits)
    {
        var answered = new List<FleetState>();
        _bench.Management.ReadFleet(waits, glance => answered.Add(glance.Judge()));
        _bench.Run();
        return answered;
    }

    private void Tell(string peer, GatewaySummary summary)
    {
        _bench.Core.Outgoing[peer].OnFrame(new LinkFrame.Summary(SummaryCodec.Encode(summary)));
        _bench.Run();
    }

    private static FleetGateway Of(FleetState fleet, string name) => fleet.Gateways.Single(gateway => gateway.Name == name);
}
