namespace Gateway.Doctor;

/// <summary>The process that holds the gateway's ports, as its host shows it; null for what could not be read.</summary>
/// <param name="HandlesMax">The limit of open handles; null if there is none.</param>
/// <param name="MemoryMaxBytes">The limit of the control group or, without one, the memory of the host.</param>
internal sealed record ProcessFacts(int? HandlesOpen, long? HandlesMax, long? MemoryBytes, long? MemoryMaxBytes);

/// <summary>A listening port of the configuration and its holder.</summary>
/// <param name="Endpoint">The key of the configuration, such as <c>Links:Address</c>.</param>
/// <param name="IsHeld">Somebody listens on it.</param>
/// <param name="Holder">Null if nobody listens, or the system does not tell this user who.</param>
internal sealed record PortFacts(string Endpoint, int Port, bool IsHeld, PortHolder? Holder);

/// <summary>A process that listens on a port.</summary>
/// <param name="Command">The program and its arguments, or as much of it as the system tells.</param>
internal sealed record PortHolder(int Process, string Name, string Command, DateTimeOffset? Since)
{
    /// <summary>The process is a gateway, started as an executable or as <c>dotnet gateway.dll</c>.</summary>
    public bool IsGateway => new[] { Name }.Concat(Command.Split(' ').Take(2))
        .Any(word => Path.GetFileNameWithoutExtension(word.Replace('\\', '/')).Equals("gateway", StringComparison.OrdinalIgnoreCase));
}

/// <summary>Judges the gateway's process and its ports. Pure.</summary>
internal static class ProcessChecks
{
    /// <summary>The share of a limit from which it is nearly used up.</summary>
    private const double NearlyFull = 0.8;

    public static DoctorFinding Handles(ProcessFacts? process)
    {
        if (process is not { HandlesOpen: { } open }) return NotSeen(FindingIds.Handles);
        if (process.HandlesMax is not { } most) return new DoctorFinding(FindingIds.Handles, Verdict.Ok,
            $"{Figures.Counted(open, "handle")} open, without a limit");
        var finding = new DoctorFinding(FindingIds.Handles, Verdict.Ok, $"{Figures.Count(open)} of {Figures.Counted(most, "handle")} open");
        return open < most * NearlyFull ? finding : finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "Each connection takes handles; the gateway refuses connections before it runs out of them.",
            Advice = "Raise the limit (LimitNOFILE= of the unit, ulimit -n), or find the programs that connect so often.",
        };
    }

    public static DoctorFinding Memory(ProcessFacts? process)
    {
        if (process is not { MemoryBytes: { } used, MemoryMaxBytes: { } most }) return NotSeen(FindingIds.Memory);
        var finding = new DoctorFinding(FindingIds.Memory, Verdict.Ok, $"{Figures.Bytes(used)} used, {Figures.Bytes(most)} are the limit");
        return used < most * NearlyFull ? finding : finding with
        {
            Verdict = Verdict.Warning,
            Meaning = "The system ends a process that exceeds the limit; peers then see a connection that is reset.",
            Advice = "Raise the memory limit of the service or container.",
        };
    }

    /// <param name="isRunning">A gateway answers over HTTP.</param>
    public static DoctorFinding Port(PortFacts port, bool isRunning)
    {
        var finding = new DoctorFinding(FindingIds.Port, Verdict.Ok, Describe(port)) { About = port.Endpoint };
        return (port, isRunning) switch
        {
            ({ Holder: { IsGateway: false } holder }, _) => finding with
            {
                Verdict = Verdict.Fault,
                Meaning = "Another program has the gateway's port: the gateway cannot start, and who connects speaks to that program.",
                Advice = $"Stop {holder.Name}, or give the gateway another {port.Endpoint}.",
            },
            ({ IsHeld: false }, true) => finding with
            {
                Verdict = Verdict.Warning,
                Meaning = "The running gateway has another configuration than the files, or runs elsewhere.",
                Advice = "Give the doctor the gateway's own --config and --gateway, and run it on the gateway's host.",
            },
            ({ IsHeld: true, Holder: null }, false) => finding with
            {
                Verdict = Verdict.Unknown,
                Advice = "Run the doctor as root, or as the gateway's user, to see which process holds the port.",
            },
            _ => finding,
        };
    }

    private static DoctorFinding NotSeen(string id) =>
        new(id, Verdict.Unknown, "no gateway holds the ports, or this user may not look into it")
        { Advice = "Run the doctor as the gateway's user while it runs." };

    private static string Describe(PortFacts port) => port switch
    {
        { IsHeld: false } => $"{port.Port} is free",
        { Holder: null } => $"{port.Port} is held, by a process that this user may not see",
        { Holder: var holder } => $"{port.Port} is held by {holder.Name}, process {holder.Process}"
            + $"{(holder.Since is { } since ? $", since {Figures.Time(since)}" : "")}",
    };
}
