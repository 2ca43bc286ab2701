using Gateway.Cli.Shell;
using Gateway.Http.Answers;
using Gateway.Http.Views;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Setup;

/// <summary>Renders routes for people. Pure.</summary>
internal static class RouteReport
{
    public static IEnumerable<IRenderable> List(RoutesView routes)
    {
        if (routes.Routes.Count == 0)
        {
            yield return new Text("There are no routes: messages are sent to queue@peer. 'gateway route add' makes one.");
            yield break;
        }

        var table = new Listing(new Column("route"), new Column("mode"), new Column("by", 2), new Column("destination"), new Column("is"),
            Column.Figure("waiting"));
        foreach (var route in routes.Routes)
        {
            foreach (var target in route.Destinations)
            {
                table.Add(route.Queue, HttpJson.NameOf(route.Mode), route.Header, target.Destination,
                    new ListingCell(target.IsUp ? "up" : "not up", target.IsUp ? null : Color.Yellow), Figures.Count(target.Messages));
            }
        }

        yield return table;
    }
}
