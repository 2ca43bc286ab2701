namespace Gateway.Tcp;

/// <summary>The statuses of the inlets and outlets. Called on the loop; each call makes new snapshots.</summary>
internal interface ITcpStatus
{
    IReadOnlyList<InletStatus> Inlets { get; }

    IReadOnlyList<OutletStatus> Outlets { get; }
}
