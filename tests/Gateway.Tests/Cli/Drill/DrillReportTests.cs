using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Drill;
using Gateway.Cli.Shell;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Drill;

public sealed class DrillReportTests
{
    private static readonly DrillTotals _good = new("far", Accepted: 3, Waiting: 0, DeadLetters: 0);

    [Fact]
    public void A_fault_is_reported_with_its_cause_its_times_and_its_evidence()
    {
        var outcome = new DrillOutcome(DrillKind.Reset, new DrillOutcome.Ending(LinkCause.ResetByPeer, "reset", TimeSpan.FromSeconds(0.25)),
            TimeSpan.FromSeconds(0.5))
        { Drained = TimeSpan.FromSeconds(1) };

        Lines(DrillReport.Of(outcome)).ShouldBe(["reset      named ResetByPeer after 0.25 s, up again after 0.5 s, everything was "
            + "acknowledged after 1 s", "           reset"]);
    }

    [Fact]
    public void A_stall_that_the_link_outlived_is_said_to_be_one() =>
        Lines(DrillReport.Of(new DrillOutcome(DrillKind.Stall, null, null) { Drained = TimeSpan.FromSeconds(3.1) }))
            .ShouldBe(["stall      the link stayed up; everything was acknowledged after 3.1 s"]);

    [Fact]
    public void What_was_received_in_order_and_once_balances()
    {
        var verdict = Received(1, 2, 3);

        DrillReport.Balances(_good, verdict).ShouldBeTrue();
        DrillReport.Of(_good, verdict, leftBefore: 2).ShouldBe(
        [
            "accepted 3, acknowledged by the store of far 3, waiting 0, new dead letters 0",
            "received at far 3, lost 0, again 0, out of order 0, altered 0",
            "Also taken there: 2 messages of earlier drills.",
        ]);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(1, 2, 3, 3)]
    [InlineData(2, 1, 3)]
    [InlineData(1, 2, 3, 4)]
    public void What_is_lost_doubled_moved_or_invented_does_not_balance(params int[] received) =>
        DrillReport.Balances(_good, Received(received)).ShouldBeFalse();

    [Fact]
    public void Without_the_far_gateway_the_acknowledgements_are_the_proof_and_the_report_says_so()
    {
        DrillReport.Balances(_good, null).ShouldBeTrue();
        DrillReport.Balances(_good with { Waiting = 1 }, null).ShouldBeFalse();
        DrillReport.Balances(_good with { DeadLetters = 1 }, null).ShouldBeFalse();
        DrillReport.Balances(_good with { Accepted = 0 }, null).ShouldBeFalse();
        string.Join('\n', DrillReport.Of(_good, null, 0)).ShouldContain("Not received at far");
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void On_a_screen_the_sentences_stand_beside_the_fault_and_no_line_is_too_wide(int width)
    {
        var outcome = new DrillOutcome(DrillKind.HalfOpen, new DrillOutcome.Ending(LinkCause.HalfOpen, "nothing\u001b[2J heard for "
            + "a time\nlong enough", TimeSpan.FromSeconds(0.25)), TimeSpan.FromSeconds(0.5))
        { Drained = TimeSpan.FromSeconds(1) };

        var lines = Lines(DrillReport.Of(outcome), width);

        lines.ShouldAllBe(line => FoldedText.Width(line) <= width);
        lines[0].ShouldStartWith("half-open  named HalfOpen after 0.25 s");
        lines[1..].ShouldAllBe(line => line.StartsWith("           ", StringComparison.Ordinal));
        string.Join(' ', lines.Select(line => line.Trim())).ShouldContain("nothing·[2J heard for a time·long enough");
    }

    private static string[] Lines(FactList report, int? width = null) =>
        [.. Output.Render(new TestTerminal().Terminal with { Width = width }, [report])];

    private static DemoVerdict Received(params int[] sequences)
    {
        var ledger = new DemoLedger(0);
        for (var sequence = 1; sequence <= _good.Accepted; sequence++) ledger.Accepted(sequence);
        foreach (var (delivery, sequence) in sequences.Index())
        {
            ledger.Delivered(delivery, sequence, intact: true, TimeSpan.Zero);
            ledger.Completed(delivery);
        }

        return ledger.Close();
    }
}
