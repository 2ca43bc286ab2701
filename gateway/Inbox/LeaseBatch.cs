namespace Gateway.Inbox;

/// <summary>
/// Leases that their holder got together, and cannot be at work on all at once. Each sign that it is at work on one of them, its end or its
/// renewal, renews the others, so that the time of the one that waits begins when the one before it is done. A holder that gives no sign
/// within a lease loses them all; while it waits for this gateway to write what it did, it cannot give one, and loses
/// none. Owned by the lease table.
/// </summary>
/// <param name="length">Of each lease.</param>
internal sealed class LeaseBatch(TimeSpan length)
{
    private readonly HashSet<Lease> _leases = [];

    public TimeSpan Length => length;

    public IReadOnlyCollection<Lease> Leases => _leases;

    /// <summary>So many of its settlements are being written, and their holder waits for that.</summary>
    public int Settling { get; set; }

    public void Add(Lease lease) => _leases.Add(lease);

    public void Remove(Lease lease) => _leases.Remove(lease);
}
