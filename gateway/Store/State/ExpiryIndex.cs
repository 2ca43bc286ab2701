namespace Gateway.Store.State;

/// <summary>The queues in the order in which something in them may expire first. Owned by the store's thread.</summary>
/// <param name="queues">The table of all queues that have a place here.</param>
internal sealed class ExpiryIndex(QueueTable queues)
{
    private readonly SortedSet<(long ExpiryUnixMs, long Handle)> _places = [];

    /// <summary>No waiting message expires before this time.</summary>
    public long NothingBeforeMs => _places.Count == 0 ? long.MaxValue : _places.Min.ExpiryUnixMs;

    /// <summary>The next queues in which something may have expired by a time, as of now.</summary>
    public DueQueues Due(long nowUnixMs, ExpiryPlace after, int queuesMax)
    {
        if (NothingBeforeMs > nowUnixMs) return DueQueues.None with { From = after, End = after };
        var first = after with { Handle = after.Handle + 1 };
        var places = _places.GetViewBetween((first.ExpiryUnixMs, first.Handle), (long.MaxValue, long.MaxValue)).Take(queuesMax)
            .TakeWhile(place => place.ExpiryUnixMs <= nowUnixMs).ToList();
        return new DueQueues(after, [.. places.Select(place => queues[place.Handle].Id)],
            places.Count == 0 ? after : new ExpiryPlace(places[^1].ExpiryUnixMs, places[^1].Handle));
    }

    /// <summary>Moves a queue that has changed to the place of its earliest expiry.</summary>
    public void Place(QueueState queue)
    {
        if (queue.IndexedExpiryUnixMs == queue.EarliestExpiryUnixMs) return;
        if (queue.IndexedExpiryUnixMs != long.MaxValue) _places.Remove((queue.IndexedExpiryUnixMs, queue.Handle));
        if (queue.EarliestExpiryUnixMs != long.MaxValue) _places.Add((queue.EarliestExpiryUnixMs, queue.Handle));
        queue.IndexedExpiryUnixMs = queue.EarliestExpiryUnixMs;
    }
}
