namespace Gateway.Links;

/// <summary>
/// The waiting times between attempts: exponential with jitter (each time a random value up to three times the time before, or up to the
/// maximum, and no less than half of that), so that many gateways that lost the same peer do not come back in step. A peer that comes back
/// is found as soon as with values from the minimum on, by a third fewer attempts.
/// </summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, Random random)
{
    private TimeSpan? _last;

    public TimeSpan Next() => Next(max);

    /// <param name="longest">In the place of the usual maximum.</param>
    public TimeSpan Next(TimeSpan longest)
    {
        var ceiling = Math.Min(longest.TotalMilliseconds, (_last ?? min).TotalMilliseconds * 3);
        var floor = Math.Max(min.TotalMilliseconds, ceiling / 2);
        var wait = floor + (random.NextDouble() * Math.Max(0, ceiling - floor));
        var next = TimeSpan.FromMilliseconds(wait);
        _last = next;
        return next;
    }

    public void Reset() => _last = null;
}
