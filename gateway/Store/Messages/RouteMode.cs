namespace Gateway.Store.Messages;

/// <summary>What a route does with a message that has several destinations.</summary>
internal enum RouteMode
{
    /// <summary>Each destination gets a copy.</summary>
    Copy,

    /// <summary>One destination gets it: of those that are up, the one for which the fewest messages wait.</summary>
    Share,

    /// <summary>One destination gets it: always the same one for the same key.</summary>
    Partition,
}
