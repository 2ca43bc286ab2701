using System.Text.Json;
using Gateway.Cli;
using Gateway.Links;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli;

public sealed class LinksReportTests
{
    private static readonly DateTimeOffset _at = new(2030, 1, 2, 3, 4, 5, TimeSpan.Zero);

    [Fact]
    public void List_SaysStateCauseEvidenceAndAdvice()
    {
        var lines = LinksReport.List(Json(new { links = new[] { Link("down", "Refused") } })).ToList();

        lines[0].ShouldStartWith("billing: down (Refused) since 203");
        lines[1..].ShouldBe(["  nothing listens", "  start it"]);
    }

    [Fact]
    public void List_WithoutPeers_SaysWhereToAddThem() =>
        LinksReport.List("{\"links\":[]}").ShouldHaveSingleItem().ShouldContain("Gateway:Peers");

    [Fact]
    public void Explain_RanksWhatFits_AndTellsWhatIsInDoubt()
    {
        var lines = LinksReport.Explain(Details(
            candidates: [new LinkCandidate(LinkCause.IdleCut, "quiet"), new LinkCandidate(LinkCause.ResetByPeer, "reset")],
            inDoubt: [new InDoubt("orders", 3, 7, 5)])).ToList();

        lines.ShouldContain("  1. IdleCut: quiet");
        lines.ShouldContain("  2. ResetByPeer: reset");
        lines.ShouldContain("  in doubt: 5 messages of orders, numbers 3 to 7; known when the link is up again; 'gateway queue peek "
            + "orders@billing --state in-doubt' lists them");
        lines.ShouldContain("  warning: ClockSkew");
    }

    [Fact]
    public void History_HasALineAChange_WithWhatBecameOfTheDoubts()
    {
        var lines = LinksReport.History(Details(history:
        [
            new LinkChange(_at, LinkState.Down, LinkCause.ResetByPeer, "reset")
                { UpSeconds = 12.34, QuietSeconds = 1, InDoubt = [new InDoubt("orders", 3, 7, 5)] },
            new LinkChange(_at, LinkState.Up, LinkCause.ResetByPeer, "reset")
                { InDoubt = [new InDoubt("orders", 3, 7, 5, StoredThere: 2, SentAgain: 3)] },
        ])).ToList();

        lines.Count.ShouldBe(4);
        lines[0].ShouldEndWith("down (ResetByPeer): reset; it had been up for 12.3 s, quiet for 1 s");
        lines[3].ShouldBe("    in doubt: 5 messages of orders, numbers 3 to 7: 2 were stored there already, 3 are sent again");
        LinksReport.History(Details()).ShouldHaveSingleItem().ShouldBe("Nothing has happened to this link yet.");
    }

    private static string Details(IReadOnlyList<LinkCandidate>? candidates = null, IReadOnlyList<InDoubt>? inDoubt = null,
        IReadOnlyList<LinkChange>? history = null) => Json(new
        {
            link = Link("down", "ResetByPeer"),
            warning = "ClockSkew",
            candidates = candidates ?? [],
            patterns = Array.Empty<LinkPattern>(),
            inDoubt = inDoubt ?? [],
            history = history ?? [],
        });

    private static object Link(string state, string cause) =>
        new { peer = "billing", state, cause, since = _at, evidence = "nothing listens", advice = "start it" };

    private static string Json(object value) => JsonSerializer.Serialize(value, LinkHistory.Json);
}
