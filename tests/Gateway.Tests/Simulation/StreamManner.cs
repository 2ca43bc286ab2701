namespace Gateway.Tests.Simulation;

/// <summary>How a program deals with its connection.</summary>
internal enum StreamManner
{
    /// <summary>It writes everything, finishes, and reads to the end.</summary>
    Finishes,

    /// <summary>It reads to the end before it finishes.</summary>
    Answers,

    /// <summary>It writes everything and closes, whatever still comes for it.</summary>
    Closes,

    /// <summary>It resets the connection at some time.</summary>
    Resets,
}
