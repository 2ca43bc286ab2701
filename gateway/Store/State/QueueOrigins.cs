namespace Gateway.Store.State;

/// <summary>
/// Counts the queues of which something is kept, by the peer whose message created the queue and by the application that filled it, for
/// the limits of each. Owned by the store's thread.
/// </summary>
internal sealed class QueueOrigins
{
    private readonly Dictionary<Guid, int> _madeBy = [];
    private readonly Dictionary<string, int> _filledBy = [];

    /// <summary>The number of queues of which something is kept and which messages of this store have created.</summary>
    public int MadeBy(Guid senderStore) => _madeBy.GetValueOrDefault(senderStore);

    /// <summary>The number of queues that the application has filled since the store was opened, and that are not empty yet.</summary>
    public int FilledBy(string application) => _filledBy.GetValueOrDefault(application);

    /// <summary>An application's message is the first of the queue. Counted only while the store is open.</summary>
    public void OnFilled(QueueState queue, string application)
    {
        Invariant.Require(queue is { Filler: null, IsForgettable: false }, "a queue that holds something is filled by one application");
        queue.Filler = application;
        CountFiller(application, 1);
    }

    /// <summary>A message of the store moves its position in the queue, and names the store as the creator of the queue.</summary>
    public void OnMade(QueueState queue, Guid senderStore)
    {
        CountMaker(queue, -1);
        queue.Maker = senderStore;
        CountMaker(queue, 1);
    }

    /// <summary>Nothing is kept of the queue any more; called before it may be forgotten.</summary>
    public void OnEmpty(QueueState queue)
    {
        CountMaker(queue, -1);
        if (queue.Filler is { } filler) CountFiller(filler, -1);
        queue.Filler = null;
    }

    /// <summary>Something is kept of the queue again; called once it may no longer be forgotten.</summary>
    public void OnInUse(QueueState queue) => CountMaker(queue, 1);

    private void CountFiller(string application, int count)
    {
        var filled = _filledBy.GetValueOrDefault(application) + count;
        if (filled > 0) _filledBy[application] = filled;
        else _filledBy.Remove(application);
    }

    /// <summary>Counts only queues that a peer's message has created and of which something is kept.</summary>
    private void CountMaker(QueueState queue, int count)
    {
        if (queue.Maker == Guid.Empty || queue.IsForgettable) return;
        var made = _madeBy.GetValueOrDefault(queue.Maker) + count;
        if (made > 0) _madeBy[queue.Maker] = made;
        else _madeBy.Remove(queue.Maker);
    }
}
