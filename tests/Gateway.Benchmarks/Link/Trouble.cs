namespace Gateway.Benchmarks.Link;

/// <summary>The fault of the one peer that is in trouble.</summary>
internal enum Trouble
{
    /// <summary>Nothing: what the others are compared with.</summary>
    None,

    /// <summary>Its process stands still, its connections stay open.</summary>
    Stopped,

    /// <summary>Its process is gone; connects are refused.</summary>
    Killed,

    /// <summary>It runs, and has no room for a single message.</summary>
    Refusing,
}
