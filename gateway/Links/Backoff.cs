namespace Gateway.Links;

/// <summary>
/// The waiting times between attempts: exponential with decorrelated jitter (each time a random value between the minimum and three times
/// the time before, up to the maximum), so that many gateways that lost the same peer do not come back in step.
/// </summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, Random random)
{
    private TimeSpan? _last;

    public TimeSpan Next() => Next(max);

    /// <param name="longest">In the place of the usual maximum.</param>
    public TimeSpan Next(TimeSpan longest)
    {
        var ceiling = Math.Min(longest.TotalMilliseconds, (_last ?? min).TotalMilliseconds * 3);
        var wait = min.TotalMilliseconds + (random.NextDouble() * Math.Max(0, ceiling - min.TotalMilliseconds));
        var next = TimeSpan.FromMilliseconds(wait);
        _last = next;
        return next;
    }

    public void Reset() => _last = null;
}
