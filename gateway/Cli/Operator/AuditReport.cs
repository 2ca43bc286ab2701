using Gateway.Cli.Shell;
using Gateway.Http.Views;

namespace Gateway.Cli.Operator;

/// <summary>Renders the actions of operators for people. Pure.</summary>
internal static class AuditReport
{
    public static Listing List(IReadOnlyList<AuditView> entries)
    {
        var table = new Listing(new Column("when"), new Column("who"), new Column("action"), new Column("about", 1),
            Column.Figure("messages", 2), Column.Words("more"));
        foreach (var entry in entries)
            table.Add(Figures.Time(entry.At), entry.Who, entry.Action, entry.About, Figures.Count(entry.Messages), entry.Text);
        return table;
    }
}
