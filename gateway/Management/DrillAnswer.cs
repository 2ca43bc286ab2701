namespace Gateway.Management;

/// <summary>What became of an operator's wish for a drill.</summary>
internal enum DrillAnswer
{
    /// <summary>The fault is in the connection.</summary>
    Begun,

    /// <summary>The configuration does not allow it.</summary>
    NotEnabled,

    NoPeer,

    /// <summary>The link is not up: there is no connection that it could be put into.</summary>
    NotUp,
}
