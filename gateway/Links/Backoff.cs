namespace Gateway.Links;

/// <summary>
/// The delays between attempts: exponential with decorrelated jitter (each a random value between the minimum and three times the previous
/// delay, up to the maximum), so that many gateways that lost the same peer do not return in step.
/// </summary>
internal sealed class Backoff(TimeSpan min, TimeSpan max, Random random)
{
    private TimeSpan? _last;

    public TimeSpan Next() => Next(max);

    /// <param name="longest">Replaces the usual maximum.</param>
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
