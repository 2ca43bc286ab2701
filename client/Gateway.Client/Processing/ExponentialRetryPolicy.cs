namespace Gateway.Client.Processing;

/// <summary>
/// The usual policy: every failure is transient, but those that no repetition changes (<see cref="UnreadableMessageException"/>). The delay
/// doubles with each delivery up to a maximum, and is a random value of at least half of that, so that many messages that failed together
/// do not come back together.
/// </summary>
/// <param name="attemptsMax">The deliveries after which the message becomes a dead letter.</param>
/// <param name="first">The delay after the first delivery.</param>
/// <param name="max">The longest delay.</param>
/// <param name="chance">A number of at least 0 and less than 1, at each call; called by many at once.</param>
internal sealed class ExponentialRetryPolicy(int attemptsMax, TimeSpan first, TimeSpan max, Func<double> chance) : IRetryPolicy
{
    /// <summary>Doublings beyond which every delay has reached the maximum.</summary>
    private const int DoublingsMax = 30;

    /// <inheritdoc/>
    public TimeSpan? DelayAfter(Exception failure, int deliveries)
    {
        if (failure is UnreadableMessageException || deliveries >= attemptsMax)
            return null;
        var doubled = first.TotalMilliseconds * Math.Pow(2, Math.Min(deliveries - 1, DoublingsMax));
        var ceiling = Math.Min(doubled, max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds((ceiling / 2) + (chance() * ceiling / 2));
    }
}
