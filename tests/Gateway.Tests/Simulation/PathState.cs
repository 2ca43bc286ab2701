namespace Gateway.Tests.Simulation;

/// <summary>How the way from one gateway to another is.</summary>
internal enum PathState
{
    Open,

    /// <summary>Nothing arrives, and nobody is told.</summary>
    Silent,

    /// <summary>Connects are answered with a reset; what stands goes on.</summary>
    Refusing,

    /// <summary>Connects are answered by a router that knows no way; what stands hears nothing.</summary>
    Unreachable,
}
