namespace Gateway.Doctor.Probes;

/// <summary>
/// Finds after what silence a device on the way forgets a connection: some connections side by side are silent for rising times, then ask.
/// If one is forgotten, others look between its time and that of the one before.
/// </summary>
internal sealed class SilenceProbe(ProbeDial dial)
{
    private const int TriesMax = 6;

    /// <summary>A shorter silence is not tried.</summary>
    private static readonly TimeSpan _shortest = TimeSpan.FromSeconds(1);

    /// <summary>The time is told no more precisely.</summary>
    private static readonly TimeSpan _precision = TimeSpan.FromSeconds(2);

    /// <summary>The time for an answer after the silence.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(3);

    /// <param name="longest">The longest silence.</param>
    public async Task<SilenceFacts> FindAsync(TimeSpan longest, CancellationToken cancellationToken)
    {
        try
        {
            var steps = Enumerable.Range(0, TriesMax).Select(halvings => longest / Math.Pow(2, halvings))
                .TakeWhile((step, index) => index == 0 || step >= _shortest).Reverse().ToList();
            var found = await TryAsync(steps, TimeSpan.Zero, cancellationToken);
            // The second look takes as long as the silence that was too long; the caller waits for no more than twice the time it gave.
            if (found is not { Cut: { } cut, Survived: var survived } || cut - survived <= _precision) return found;
            var between = Enumerable.Range(1, TriesMax - 1).Select(part => survived + ((cut - survived) * part / TriesMax));
            return await TryAsync([.. between, cut], survived, cancellationToken);
        }
        catch (ProbeFailedException failure)
        {
            return new SilenceFacts(TimeSpan.Zero, Cut: null, failure.Message);
        }
    }

    /// <param name="steps">In rising order, all at once.</param>
    private async Task<SilenceFacts> TryAsync(List<TimeSpan> steps, TimeSpan survived, CancellationToken cancellationToken)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var tries = steps.Select(silence => SurvivesAsync(silence, enough.Token)).ToList();
        try
        {
            for (var i = 0; i < tries.Count; i++)
            {
                if (!await tries[i]) return new SilenceFacts(survived, steps[i]);
                survived = steps[i];
            }

            return new SilenceFacts(survived, Cut: null);
        }
        finally
        {
            await enough.CancelAsync();
            await ((Task)Task.WhenAll(tries)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> SurvivesAsync(TimeSpan silence, CancellationToken cancellationToken)
    {
        using var line = await dial.OpenAsync(silence + _patience, cancellationToken);
        await Task.Delay(silence, dial.Time, cancellationToken);
        using var late = new CancellationTokenSource(_patience, dial.Time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            await line.EchoAsync(0, 0, limit.Token);
            return true;
        }
        catch (Exception lost) when (lost is IOException or ProbeFailedException
            || (lost is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
