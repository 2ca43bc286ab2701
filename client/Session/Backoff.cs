namespace Gateway.Client.Session;

/// <summary>
/// Waits that double from the least to the most, each shortened by chance by up to a half, so that many clients do not come back at one
/// moment.
/// </summary>
internal sealed class Backoff(TimeSpan least, TimeSpan most, Random chance)
{
    private const int DoublingsMax = 20;

    /// <param name="failures">How many failures there were in a row before this one.</param>
    public TimeSpan Wait(int failures)
    {
        var full = least * Math.Pow(2, Math.Min(failures, DoublingsMax));
        return (full < most ? full : most) * (1 - chance.NextDouble() / 2);
    }
}
