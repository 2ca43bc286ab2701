namespace Gateway.Http.Views;

/// <summary>The times of messages in the API.</summary>
internal static class Times
{
    private static readonly long _min = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long _max = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>A peer states the time of acceptance, which may be any number.</summary>
    public static DateTimeOffset Of(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, _min, _max));

    /// <summary>Null for 0.</summary>
    public static DateTimeOffset? OrNever(long unixMs) => unixMs == 0 ? null : Of(unixMs);
}
