namespace Gateway.Client.Session;

/// <summary>
/// Delays that double from the minimum to the maximum. Each is shortened at random by up to half, so that many clients do not reconnect at
/// the same moment.
/// </summary>
internal sealed class Backoff(TimeSpan least, TimeSpan most, Random chance)
{
    private const int DoublingsMax = 20;

    /// <param name="failures">The number of consecutive failures before this one.</param>
    public TimeSpan Wait(int failures)
    {
        var full = least * Math.Pow(2, Math.Min(failures, DoublingsMax));
        return (full < most ? full : most) * (1 - chance.NextDouble() / 2);
    }
}
