using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A gateway that is not among the peers dials again and again.</summary>
[Kind(Kind.Process)]
public sealed class UnknownCallerTests : LinkTest
{
    /// <summary>The lines of one kind about one gateway, before the rest are summed up.</summary>
    private const int LinesMax = 20;

    /// <summary>Lines that sum up: on a busy host the test takes long enough for some.</summary>
    private const int SummariesMax = 5;

    [Fact]
    public async Task A_caller_that_is_no_peer_learns_why_and_neither_log_is_flooded()
    {
        var far = NewGateways(Quick, Far)[0];
        var near = Towards(NewGateways(new Dictionary<string, string>(Quick)
        { ["Gateway:Links:BackoffMin"] = "00:00:00.010" }, "near")[0], far.Settings.LinksAddress);
        await Task.WhenAll(far.StartReadyAsync(Token), near.StartReadyAsync(Token));
        var client = NewClient(near);

        var farClient = NewClient(far);
        // A peer that was never seen is tried less and less often, unless an operator asks for it.
        await UntilAsync("it has been refused often", async () =>
        {
            await OperatorView.RetryAsync(client, Far);
            return (await OperatorView.StateAsync(farClient, Token)).Connections["accepted"] > 2 * LinesMax;
        });

        var seen = await OperatorView.LinkAsync(client, Far);
        (seen.Link.Cause, seen.Candidates.ShouldHaveSingleItem().Cause).ShouldBe((LinkCause.NotAuthorised, LinkCause.NotAuthorised));
        seen.Link.Evidence.ShouldContain("near is not among the peers of far");
        // As long as it stays so, it is one change.
        seen.History.Count.ShouldBeLessThan(3);
        LinesOf(near, "Link to far is ").ShouldBeLessThan(3);
        LinesOf(far, "near is not among the peers of far").ShouldBeInRange(1, LinesMax + SummariesMax);
    }

    private static int LinesOf(TestGateway gateway, string text) =>
        gateway.Process.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}
