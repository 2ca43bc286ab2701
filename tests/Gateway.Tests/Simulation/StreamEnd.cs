namespace Gateway.Tests.Simulation;

/// <summary>How a program sees that nothing more comes.</summary>
internal enum StreamEnd
{
    /// <summary>More may come.</summary>
    None,

    /// <summary>The other side has finished (FIN).</summary>
    Finished,

    /// <summary>The connection was reset.</summary>
    Reset,
}
