namespace Gateway.Links;

/// <summary>
/// Records, while a link has no connection, how far each of its queues may have been sent, some queues at a time. Until that is durable, a
/// restart assumes that everything was sent. Owned by its link.
/// </summary>
internal sealed class SentNotes(OutgoingQueues queues)
{
    private const int AtOnce = 1000;

    private readonly Queue<OutgoingQueue> _waiting = [];
    private int _underWay;

    /// <summary>The connection is lost.</summary>
    public void Begin()
    {
        _waiting.Clear();
        foreach (var queue in queues.All) _waiting.Enqueue(queue);
        if (_underWay == 0) GoOn();
    }

    /// <summary>The link is up: what is sent from now on makes further notes useless.</summary>
    public void Stop() => _waiting.Clear();

    private void GoOn()
    {
        while (_underWay < AtOnce && _waiting.TryDequeue(out var queue))
        {
            if (queues.Find(queue.Name) == queue && queue.Note(OnNoted)) _underWay++;
        }
    }

    private void OnNoted()
    {
        if (--_underWay == 0) GoOn();
    }
}
