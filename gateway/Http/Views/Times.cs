namespace Gateway.Http.Views;

/// <summary>Times of messages, as the API tells them.</summary>
internal static class Times
{
    private static readonly long _min = DateTimeOffset.MinValue.ToUnixTimeMilliseconds();
    private static readonly long _max = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>The time of acceptance is a peer's word, which may be any number.</summary>
    public static DateTimeOffset Of(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, _min, _max));

    /// <summary>Null for 0.</summary>
    public static DateTimeOffset? OrNever(long unixMs) => unixMs == 0 ? null : Of(unixMs);
}
