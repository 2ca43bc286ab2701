namespace Gateway.Inbox;

/// <summary>
/// Leases granted together to one holder, which cannot work on all of them at once. Each sign of its work on one of them, a settlement or a
/// renewal, renews the others, so the time of a waiting message begins when the one before it is done. A holder that gives no sign within a
/// lease loses them all. While it waits for this gateway to write a settlement, it can give no sign and loses none. Owned by the lease
/// table.
/// </summary>
/// <param name="length">The length of each lease.</param>
internal sealed class LeaseBatch(TimeSpan length)
{
    private readonly HashSet<Lease> _leases = [];

    public TimeSpan Length => length;

    public IReadOnlyCollection<Lease> Leases => _leases;

    /// <summary>The settlements being written, for which the holder waits.</summary>
    public int Settling { get; set; }

    public void Add(Lease lease) => _leases.Add(lease);

    public void Remove(Lease lease) => _leases.Remove(lease);
}
