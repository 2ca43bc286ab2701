namespace Gateway.Http.Resources;

/// <summary>Limits a pass through a whole queue to about a quarter of the store's time: enqueuing and delivery come first.</summary>
internal static class Pace
{
    private const int RestShare = 3;

    private static readonly TimeSpan _restMax = TimeSpan.FromMilliseconds(100);

    /// <summary>Rests for a multiple of the time the last piece took, which grows with the store's other work.</summary>
    public static Task RestAsync(TimeProvider time, TimeSpan took, CancellationToken cancellationToken)
    {
        var rest = RestShare * took;
        return Task.Delay(rest < _restMax ? rest : _restMax, time, cancellationToken);
    }
}
