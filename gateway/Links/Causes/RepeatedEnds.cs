namespace Gateway.Links.Causes;

/// <summary>One of the connections whose ends are summed up.</summary>
/// <param name="At">When it ended.</param>
/// <param name="UpSeconds">How long it had been up.</param>
/// <param name="QuietSeconds">How long no frame had passed over it by then.</param>
internal sealed record SampledEnd(DateTimeOffset At, double UpSeconds, double QuietSeconds);

/// <summary>Ends of connections that are summed up, by their count and by some of them, from which patterns can still be told.</summary>
/// <param name="Count">The number of ends.</param>
/// <param name="Samples">Some of them, or all if they are few; each stands for as many of the others.</param>
internal sealed record RepeatedEnds(int Count, IReadOnlyList<SampledEnd> Samples)
{
    /// <summary>Enough to tell half of them from two thirds; a summary stays small in the store.</summary>
    public const int SamplesMax = 16;

    /// <summary>A multiplier that spreads successive numbers, so that no rhythm of the ends decides which of them stay.</summary>
    private const uint Spread = 2_654_435_769;

    public static RepeatedEnds None { get; } = new(0, []);

    /// <summary>Each end has the same chance to stay among the samples, however many follow.</summary>
    public RepeatedEnds With(SampledEnd end)
    {
        var count = Count + 1;
        if (Samples.Count < SamplesMax) return new RepeatedEnds(count, [.. Samples, end]);
        var slot = (int)(((ulong)unchecked((uint)count * Spread) * (ulong)count) >> 32);
        return new RepeatedEnds(count, slot >= SamplesMax ? Samples : [.. Samples.Select((one, i) => i == slot ? end : one)]);
    }
}
