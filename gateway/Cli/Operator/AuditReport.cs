using Gateway.Cli.Shell;
using Gateway.Http.Views;
using Spectre.Console;

namespace Gateway.Cli.Operator;

/// <summary>Renders the actions of operators for people. Pure.</summary>
internal static class AuditReport
{
    public static Table List(IReadOnlyList<AuditView> entries)
    {
        var table = Listing.Create("when", "who", "action", "about", "-messages", "+more");
        foreach (var entry in entries)
            table.Add(Figures.Time(entry.At), entry.Who, entry.Action, entry.About, Figures.Count(entry.Messages), entry.Text);
        return table;
    }
}
