using Gateway.Client.Wire;
using Gateway.Store.Messages;

namespace Gateway.Intake;

/// <summary>Maps a destination to queues of this gateway, by its peers and routes. Owned by the loop.</summary>
internal sealed class Destinations(
    string ownName, IReadOnlySet<string> peers, IReadOnlyDictionary<string, Route> routes, ITargetStanding standing)
{
    /// <summary>Enough to recognise a wrong destination, which may be as long as a frame.</summary>
    private const int ShownBytesMax = 200;

    private IReadOnlySet<string> _peers = peers;
    private IReadOnlyDictionary<string, Route> _routes = routes;

    /// <summary>Counts the shared requests, so that equal destinations take turns.</summary>
    private int _turn;

    /// <summary>The routes in force, by queue name.</summary>
    public IReadOnlyDictionary<string, Route> Routes => _routes;

    /// <summary>Replaces the peers and routes by those of another configuration.</summary>
    public void Use(IReadOnlySet<string> peers, IReadOnlyDictionary<string, Route> routes) =>
        (_peers, _routes) = (peers, routes);

    /// <summary>
    /// Finds the queues, one for each copy or each that <see cref="SpreadOf"/> chooses from; or returns a rejection, and no queues.
    /// </summary>
    public (WireCode Code, string Text)? Find(string destination, out IReadOnlyList<QueueId> targets)
    {
        targets = [];
        if (!Names.TryParseDestination(destination, out var queue, out var peer))
        {
            return (WireCode.BadDestination, $"'{WireText.Cut(destination, ShownBytesMax)}' is not a destination: write queue@peer, "
                + $"or a queue that has a route; names are 1 to {Names.LengthMax} of a-z A-Z 0-9 . _ -, starting with a letter or digit");
        }

        if (peer is not null)
        {
            if (peer != ownName && !_peers.Contains(peer)) return (WireCode.NoRoute, $"'{peer}' is neither this gateway ({ownName}) "
                + $"nor one of its peers ({Listed(_peers)}); correct the name or add it to Gateway:Peers");
            targets = [QueueId.For(queue, peer, ownName)];
            return null;
        }

        if (!_routes.TryGetValue(queue, out var route)) return (WireCode.NoRoute,
            $"there is no route for '{queue}'; write {queue}@{ownName} for the queue of this gateway, or add {queue} to Gateway:Routes");
        targets = QueuesOf(route);
        return null;
    }

    /// <summary>
    /// How each message for the destination is given to one of its queues, by their standing now; null if each queue gets a copy.
    /// </summary>
    /// <param name="targets">The queues that were found for it.</param>
    /// <param name="messages">The number of messages that take their turns.</param>
    public Spread? SpreadOf(string destination, IReadOnlyList<QueueId> targets, int messages)
    {
        if (_routes.Count == 0 || !_routes.TryGetValue(destination, out var route)) return null;
        switch (route.Mode)
        {
            case RouteMode.Share:
                var turn = _turn;
                _turn = unchecked(_turn + messages);
                return new SharedQueues(targets, [.. targets.Select(standing.IsUp)], turn);
            case RouteMode.Partition:
                return new PartitionedQueues(targets, route.Destinations, route.KeyHeader);
            default:
                return null;
        }
    }

    /// <summary>The queues of a route, in its order.</summary>
    public IReadOnlyList<QueueId> QueuesOf(Route route) => route.Destinations.Select(destination =>
    {
        var isDestination = Names.TryParseDestination(destination, out var name, out var target);
        Invariant.Require(isDestination && target is not null, "routes were checked with the configuration");
        return QueueId.For(name, target, ownName);
    }).ToList();

    /// <inheritdoc cref="ITargetStanding.IsUp"/>
    public bool IsUp(QueueId queue) => standing.IsUp(queue);

    /// <summary>The largest body that all queues of the destination take, as far as that is known.</summary>
    public int BodyBytesMaxOf(string destination)
    {
        Find(destination, out var targets);
        return targets.Select(standing.BodyBytesMax).DefaultIfEmpty(int.MaxValue).Min();
    }

    private static string Listed(IReadOnlySet<string> names) => names.Count == 0 ? "none" : string.Join(", ", names.Order());
}
