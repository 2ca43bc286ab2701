namespace Gateway.Client.Session;

/// <summary>
/// The number of messages to buffer for an application: as many as it processes in a quarter of their lease, at its recent pace. A message
/// never waits long at a slow consumer while another is idle, and a fast consumer gets its full prefetch. Owned by the consumer.
/// </summary>
internal sealed class PrefetchPace
{
    private const double LeaseShare = 0.25;

    /// <summary>A slower pace takes effect at once, a faster one only after several messages.</summary>
    private const double Slower = 0.5;
    private const double Faster = 0.125;

    private double _secondsEach = -1;

    /// <summary>Records the time that the application spent on a message.</summary>
    public void Measure(TimeSpan spent)
    {
        var seconds = spent.TotalSeconds;
        _secondsEach = _secondsEach < 0 ? seconds : _secondsEach + ((seconds - _secondsEach) * (seconds > _secondsEach ? Slower : Faster));
    }

    /// <param name="lease">The lease of the messages.</param>
    /// <param name="most">The requested prefetch.</param>
    /// <param name="unknown">The result before anything was measured.</param>
    public int Window(TimeSpan lease, int most, int unknown) => _secondsEach switch
    {
        < 0 => unknown,
        0 => most,
        _ => (int)Math.Clamp(lease.TotalSeconds * LeaseShare / _secondsEach, 1, most),
    };
}
