namespace Gateway.Tcp;

/// <summary>The statuses of the inlets and outlets. Called on the loop; each call makes new snapshots.</summary>
internal interface ITcpStatus
{
    IReadOnlyList<InletStatus> Inlets { get; }

    IReadOnlyList<OutletStatus> Outlets { get; }

    /// <summary>An outlet empties this inbound queue, or replies come back to an inlet through it.</summary>
    bool Serves(string queue);
}
