namespace Gateway.Http.Resources;

/// <summary>
/// Keeps what goes through a whole queue from taking more than about a quarter of the store's time: whoever enqueues and delivers comes
/// first.
/// </summary>
internal static class Pace
{
    private const int RestShare = 3;

    private static readonly TimeSpan _restMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Rests for some times as long as the piece before took, which is the longer the more there is to do for others.</summary>
    public static Task RestAsync(TimeProvider time, TimeSpan took, CancellationToken cancellationToken)
    {
        var rest = RestShare * took;
        return Task.Delay(rest < _restMax ? rest : _restMax, time, cancellationToken);
    }
}
