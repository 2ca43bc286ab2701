namespace Gateway.Store;

/// <summary>
/// Which queues each application has made and not emptied, so that one of them cannot take all the queues that there may be. Only since the
/// store was opened: what was made before counts for nobody. Owned by the store's thread.
/// </summary>
/// <param name="max">For each application.</param>
internal sealed class ApplicationQueues(StoreState state, int max)
{
    /// <summary>Queues that are looked at, whether they still hold something, for each new one; the oldest first.</summary>
    private const int LooksAlways = 2;

    /// <summary>And before a queue is refused.</summary>
    private const int LooksMax = 64;

    private readonly Dictionary<string, Made> _applications = [];

    /// <summary>Counts a queue that holds nothing yet; false when it would be one too many.</summary>
    public bool TryAdd(string application, QueueId id)
    {
        if (!_applications.TryGetValue(application, out var made)) _applications[application] = made = new Made();
        if (made.Ids.Contains(id)) return true;
        for (var looks = 0; looks < made.Row.Count && looks < (made.Row.Count >= max ? LooksMax : LooksAlways); looks++)
        {
            var oldest = made.Row.Dequeue();
            if (state.Find(oldest) is { IsForgettable: false }) made.Row.Enqueue(oldest);
            else made.Ids.Remove(oldest);
        }

        if (made.Row.Count >= max) return false;
        made.Row.Enqueue(id);
        made.Ids.Add(id);
        return true;
    }

    private sealed class Made
    {
        public Queue<QueueId> Row { get; } = [];

        public HashSet<QueueId> Ids { get; } = [];
    }
}
