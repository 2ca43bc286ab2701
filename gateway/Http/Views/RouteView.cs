using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Http.Views;

/// <summary>A route in force.</summary>
internal sealed record RouteView
{
    /// <summary>The bare name to which applications send.</summary>
    public required string Queue { get; init; }

    public required RouteMode Mode { get; init; }

    /// <summary>The header with the key of a message, of a route that partitions.</summary>
    public string? Header { get; init; }

    public required IReadOnlyList<RouteTargetView> Destinations { get; init; }

    public static RouteView Of(RouteSummary route) => new()
    {
        Queue = route.Queue,
        Mode = route.Mode,
        Header = route.KeyHeader.Length > 0 ? route.KeyHeader : null,
        Destinations = [.. route.Targets.Select(target => new RouteTargetView(
            target.Destination, QueueName.Of(target.Queue), target.IsUp, target.Messages))],
    };
}

/// <summary>One destination of a route.</summary>
/// <param name="Destination">As the configuration names it.</param>
/// <param name="Queue">The queue of this gateway in which its messages wait.</param>
/// <param name="IsUp">What is put into the queue goes on at once; a shared message then goes there first.</param>
/// <param name="Messages">The messages that wait in it.</param>
internal sealed record RouteTargetView(string Destination, QueueName Queue, bool IsUp, long Messages);

/// <summary>The routes in force, by name.</summary>
internal sealed record RoutesView(IReadOnlyList<RouteView> Routes);
