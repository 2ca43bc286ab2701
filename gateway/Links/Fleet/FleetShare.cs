namespace Gateway.Links.Fleet;

/// <summary>What a gateway tells its peers about itself. The numbers are part of the protocol.</summary>
internal enum FleetShare : byte
{
    /// <summary>Nothing.</summary>
    Nothing = 0,

    /// <summary>Figures of the whole gateway, and of what waits for the asking peer; no name of a queue or of another peer.</summary>
    Totals = 1,

    /// <summary>Also the worst of its links, queues and findings, by name.</summary>
    Everything = 2,
}
