using Gateway.Cli.Drill;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Drill;

public sealed class DrillOutcomeTests
{
    private static readonly DateTimeOffset _begun = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void The_end_that_the_gateway_noticed_and_its_return_count_from_the_fault()
    {
        var outcome = DrillOutcome.Of(DrillKind.HalfOpen, _begun, [
            Change(-9, LinkState.Down, LinkCause.ResetByPeer, upSeconds: 7),
            Change(-8, LinkState.Up, LinkCause.ResetByPeer),
            Change(0, LinkState.Up, LinkCause.ResetByPeer),
            Change(8, LinkState.Down, LinkCause.HalfOpen, upSeconds: 16),
            Change(8.5, LinkState.Down, LinkCause.Refused),
            Change(9, LinkState.Up, LinkCause.Refused),
        ]);

        outcome.End!.Cause.ShouldBe(LinkCause.HalfOpen);
        outcome.End.Noticed.ShouldBe(TimeSpan.FromSeconds(8));
        outcome.Back.ShouldBe(TimeSpan.FromSeconds(9));
        outcome.IsOver.ShouldBeTrue();
    }

    [Fact]
    public void A_link_that_is_down_is_not_over() =>
        DrillOutcome.Of(DrillKind.Kill, _begun, [Change(0, LinkState.Up, LinkCause.None),
            Change(1, LinkState.Down, LinkCause.ClosedByPeer, upSeconds: 2)]).IsOver.ShouldBeFalse();

    [Theory]
    [InlineData("stall", true)]
    [InlineData("reset", false)]
    public void Only_a_stall_may_pass_without_an_end(string name, bool isOver)
    {
        DrillKinds.TryFromName(name, out var kind).ShouldBeTrue();

        var outcome = DrillOutcome.Of(
            kind, _begun, [Change(-9, LinkState.Down, LinkCause.HalfOpen, upSeconds: 7), Change(0, LinkState.Up, LinkCause.None)]);

        outcome.End.ShouldBeNull();
        outcome.IsOver.ShouldBe(isOver);
    }

    private static LinkChangeView Change(double seconds, LinkState state, LinkCause cause, double? upSeconds = null) =>
        LinkChangeView.Of(new LinkChange(_begun.AddSeconds(seconds), state, cause, "evidence") { UpSeconds = upSeconds });
}
