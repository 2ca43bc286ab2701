namespace Gateway.Hosting;

/// <summary>
/// The last limit of a stop: whatever a service or a library waits for, or the disposal of one, the process ends. All parts have limits of
/// their own, which are shorter; this one is for the wait that nobody has foreseen.
/// </summary>
internal static class StopLimit
{
    /// <summary>Waits for the process's services; once they stop, no longer than the limit.</summary>
    /// <param name="running">The services, until they have stopped and are disposed of.</param>
    /// <param name="stopping">Cancelled when the stop begins.</param>
    /// <returns>False if the limit is over: the process then ends without what still runs.</returns>
    public static async Task<bool> AwaitAsync(Task running, CancellationToken stopping, TimeSpan limit, TimeProvider time)
    {
        using var over = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        await using var begun = stopping.Register(() => over.CancelAfter(limit));
        await Task.WhenAny(running, Task.Delay(Timeout.InfiniteTimeSpan, over.Token));
        if (!running.IsCompleted) return false;
        await running;
        return true;
    }
}
