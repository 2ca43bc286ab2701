namespace Gateway.Transport;

/// <summary>
/// How many connections were taken, and refused or cut, by fault, since the start. For all endpoints of the gateway; any thread.
/// </summary>
internal sealed class FrontDoorCounters
{
    private readonly long[] _faults = new long[Enum.GetValues<ConnectionFault>().Length];
    private long _accepted;

    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    public void Count(ConnectionFault fault) => Interlocked.Increment(ref _faults[(int)fault]);

    /// <summary>Connections taken, and those that ended in a fault: "accepted", and each fault by name that has occurred.</summary>
    public IReadOnlyDictionary<string, long> Read()
    {
        var counts = new Dictionary<string, long> { ["accepted"] = Interlocked.Read(ref _accepted) };
        foreach (var fault in Enum.GetValues<ConnectionFault>())
        {
            var count = Interlocked.Read(ref _faults[(int)fault]);
            if (count > 0) counts[fault.ToString()] = count;
        }

        return counts;
    }
}
