namespace Gateway.Client.Session;

/// <summary>
/// How many messages may wait for an application: as many as it takes in a quarter of their lease, by the time that it has spent on each of
/// late. So a message never waits for long at a slow consumer while another has nothing to do, and a fast one has all that it asked for.
/// Owned by the consumer.
/// </summary>
internal sealed class PrefetchPace
{
    private const double LeaseShare = 0.25;

    /// <summary>Slowness is believed at once, speed only after some messages.</summary>
    private const double Slower = 0.5;
    private const double Faster = 0.125;

    private double _secondsEach = -1;

    /// <summary>The application came back for the next message after so long.</summary>
    public void Measure(TimeSpan spent)
    {
        var seconds = spent.TotalSeconds;
        _secondsEach = _secondsEach < 0 ? seconds : _secondsEach + ((seconds - _secondsEach) * (seconds > _secondsEach ? Slower : Faster));
    }

    /// <param name="lease">Of the messages.</param>
    /// <param name="most">What was asked for.</param>
    /// <param name="unknown">As long as nothing was measured.</param>
    public int Window(TimeSpan lease, int most, int unknown) => _secondsEach switch
    {
        < 0 => unknown,
        0 => most,
        _ => (int)Math.Clamp(lease.TotalSeconds * LeaseShare / _secondsEach, 1, most),
    };
}
