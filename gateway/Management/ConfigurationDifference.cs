namespace Gateway.Management;

/// <summary>When a changed value takes effect.</summary>
internal enum ValueChange
{
    /// <summary>The running gateway applies it.</summary>
    Live,

    /// <summary>The gateway must be started again.</summary>
    Restart,
}

/// <summary>A key whose value in the files is not the one in force.</summary>
/// <param name="Key">The whole key.</param>
/// <param name="Running">The value in force; empty if there is none. Secrets are hidden.</param>
/// <param name="File">The value of the files; empty if they have none. Secrets are hidden.</param>
/// <param name="Change">When the value of the files takes effect.</param>
internal sealed record ValueDifference(string Key, string Running, string File, ValueChange Change);

/// <summary>The configuration in force, compared with that of the files.</summary>
/// <param name="Values">By key; empty if they are the same, or the files have a fault.</param>
/// <param name="Obstacle">Why only a restart applies the changes, although some of them are live; empty otherwise.</param>
/// <param name="Faults">The faults of the files.</param>
internal sealed record ConfigurationDifference(IReadOnlyList<ValueDifference> Values, string Obstacle, IReadOnlyList<string> Faults)
{
    /// <summary>The absolute path of the folder of further files, whether it exists or not.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Another program that finds the same mark reads the same files in the same state. Not for people.</summary>
    public string Mark { get; init; } = "";
}
