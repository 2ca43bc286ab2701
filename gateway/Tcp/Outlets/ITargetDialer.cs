namespace Gateway.Tcp.Outlets;

/// <summary>Makes the connections of outlets.</summary>
internal interface ITargetDialer
{
    /// <summary>Begins to connect to the outlet's target. Called on the loop; the outcome is heard later.</summary>
    ITargetConnection Dial(OutletSettings settings, ITarget target);
}
