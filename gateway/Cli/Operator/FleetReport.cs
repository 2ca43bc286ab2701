using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Management;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Operator;

/// <summary>Renders the fleet for people. Pure.</summary>
internal static class FleetReport
{
    public static IEnumerable<IRenderable> Of(FleetView fleet)
    {
        var table = new Listing(new Column("gateway"), new Column("condition"), new Column("link", 4), new Column("back", 5),
            Column.Figure("waiting"), new Column("oldest", 1), Column.Figure("for it", 3), Column.Figure("dead", 6),
            Column.Figure("disk free", 7), new Column("certificate", 8), new Column("clock", 9), new Column("version", 10),
            new Column("told", 2), Column.Words("what is wrong"));
        foreach (var gateway in fleet.Gateways) table.Add(Row(gateway));
        yield return table;
        if (fleet.Gateways.Count == 1)
            yield return new Text("There are no peers; 'gateway peer add' adds one.");
    }

    private static IEnumerable<ListingCell> Row(FleetGatewayView gateway)
    {
        var state = gateway.State;
        return
        [
            gateway.Name,
            new ListingCell(HttpJson.NameOf(gateway.Condition), gateway.Condition switch
            {
                Condition.Error => Color.Red,
                Condition.Warning => Color.Yellow,
                _ => null,
            }),
            gateway.Link is { } link ? PeerReport.State(link.State) : "here",
            Back(gateway),
            Figures.Count(state?.Outgoing?.Messages),
            Figures.Span(state?.Outgoing?.OldestAgeSeconds),
            Figures.Count(gateway.Link?.Messages),
            Figures.Count(state?.DeadLetters),
            state?.FreeBytes is { } free and < long.MaxValue ? Figures.Bytes(free) : "",
            Figures.Day(state?.CertificateExpiresAt),
            FleetWords.Clock(gateway.ClockAheadSeconds),
            FleetWords.Version(state?.Version ?? ""),
            gateway.IsSelf ? "" : FleetWords.Told(gateway.Answer, state?.Share, state?.AgeSeconds),
            Wrong(gateway.Findings),
        ];
    }

    /// <summary>The way from it to this gateway: what can be seen here counts, and why it is not there it knows alone.</summary>
    private static ListingCell Back(FleetGatewayView gateway) =>
        gateway.IsSelf ? "" : gateway.IsHere ? PeerReport.State(LinkState.Up)
            : gateway.State?.Back is { State: not LinkState.Up } back ? PeerReport.State(back.State) : "none";

    private static string Wrong(IReadOnlyList<FleetFinding> findings)
    {
        if (findings.Count == 0) return "";
        var worst = $"{findings[0].Text} {findings[0].Advice}".TrimEnd();
        return findings.Count == 1 ? worst : $"{worst} And {Figures.Counted(findings.Count - 1, "more finding")}.";
    }
}
