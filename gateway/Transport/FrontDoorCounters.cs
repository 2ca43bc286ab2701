namespace Gateway.Transport;

/// <summary>
/// Counts the connections accepted since the start, and those refused or cut, by fault, for all endpoints of the gateway. Any thread.
/// </summary>
internal sealed class FrontDoorCounters
{
    private readonly long[] _faults = new long[Enum.GetValues<ConnectionFault>().Length];
    private long _accepted;

    public void CountAccepted() => Interlocked.Increment(ref _accepted);

    public void Count(ConnectionFault fault) => Interlocked.Increment(ref _faults[(int)fault]);

    /// <summary>The accepted connections as "accepted", and each fault that has occurred, by name.</summary>
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
