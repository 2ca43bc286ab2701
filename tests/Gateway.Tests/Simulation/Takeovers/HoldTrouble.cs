namespace Gateway.Tests.Simulation.Takeovers;

/// <summary>Befalls a process at one of its next steps with the database.</summary>
internal enum HoldTrouble
{
    None,

    /// <summary>It stands still before it sends a command.</summary>
    PauseBefore,

    /// <summary>It stands still when the database has done what it asked for, before it learns so.</summary>
    PauseAfter,

    /// <summary>Its connection is cut, and the command does not arrive.</summary>
    CutBefore,

    /// <summary>Its connection is cut when a commit has arrived: the database does it later, or never.</summary>
    CutWithin,

    /// <summary>Its connection is cut when the database has done what it asked for.</summary>
    AnswerLost,

    /// <summary>The database says that a commit is done, and that its standby may not have it.</summary>
    Uncertain,
}
