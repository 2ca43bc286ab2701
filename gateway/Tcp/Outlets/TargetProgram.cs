namespace Gateway.Tcp.Outlets;

/// <summary>The program that listens on a target's port, if it is on this host. What the system does not tell is null.</summary>
/// <param name="Socket">Identifies its listening socket on this host.</param>
internal sealed record TargetProgram(string Socket, int? ProcessId, string? Name, DateTimeOffset? Started)
{
    /// <summary>Connections that wait until the program accepts them.</summary>
    public int Unaccepted { get; init; }

    /// <summary>Its start as the system counts it, which tells one process from another whatever clocks say; 0 if unknown.</summary>
    public long Began { get; init; }

    /// <summary>Another process has its place; one that only opened its port anew has not.</summary>
    public bool IsOtherThan(TargetProgram before) => ProcessId is not null && before.ProcessId is not null
        ? ProcessId != before.ProcessId || Began != before.Began
        : Socket != before.Socket;

    /// <summary><c>receiver (pid 4711)</c>.</summary>
    public string Short => ProcessId is { } process ? $"{Name ?? "a program"} (pid {process})" : "a program of another user";

    /// <summary><c>receiver (pid 4711, started 2030-01-01 12:00:03Z)</c>; without the time if that is in doubt.</summary>
    public override string ToString() => ProcessId is { } process && Started is { } started
        ? $"{Name ?? "a program"} (pid {process}, started {Figures.Time(started)})" : Short;
}
