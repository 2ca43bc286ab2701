namespace Gateway.Management;

/// <summary>The result of an operator's request for a drill.</summary>
internal enum DrillAnswer
{
    /// <summary>The fault was injected into the connection.</summary>
    Begun,

    /// <summary>The configuration does not allow drills.</summary>
    NotEnabled,

    NoPeer,

    /// <summary>The link is not up, so there is no connection to inject a fault into.</summary>
    NotUp,
}
