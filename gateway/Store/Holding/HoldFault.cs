namespace Gateway.Store.Holding;

/// <summary>The meaning of an exception for the holder of a store.</summary>
internal enum HoldFault
{
    /// <summary>It is not the engine's.</summary>
    Foreign,

    /// <summary>It concerns the work alone, whose caller knows it.</summary>
    OfWork,

    /// <summary>
    /// The connection is gone, or the engine refuses for now: the same can succeed later, on a new connection. It is unknown whether the
    /// work was done.
    /// </summary>
    Passing,

    /// <summary>The proof has failed: the store has another holder.</summary>
    Displaced,

    /// <summary>A part of the store is not there, as one that another holder has dropped.</summary>
    Missing,

    /// <summary>The engine refuses for good.</summary>
    Final,
}
