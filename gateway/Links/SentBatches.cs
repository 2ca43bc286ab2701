namespace Gateway.Links;

/// <summary>
/// The batches of one queue that were sent on this connection and are not acknowledged, the oldest first; and those of a connection that
/// ended, as long as nobody knows what became of them. Owned by the queue.
/// </summary>
/// <param name="together">Is told of all that changes its sums.</param>
internal sealed class SentBatches(OutgoingQueue queue, OutgoingQueues together)
{
    /// <summary>There may be very many queues, with one batch each.</summary>
    private Queue<SentBatch> _outstanding = new(1);
    private IReadOnlyList<SentBatch> _doubtful = [];

    /// <summary>Of all that are outstanding.</summary>
    public int Bytes { get; private set; }

    public int Messages { get; private set; }

    public SentBatch? Oldest => _outstanding.TryPeek(out var oldest) ? oldest : null;

    /// <summary>What was sent on a connection that ended, and not acknowledged on it; null if nothing.</summary>
    public InDoubt? InDoubt => _doubtful.Count == 0 ? null : new InDoubt(
        queue.Name, _doubtful[0].First, _doubtful[^1].Last, _doubtful.Sum(batch => batch.Messages));

    public void Add(SentBatch batch)
    {
        _outstanding.Enqueue(batch);
        Count(batch.Bytes, batch.Messages);
    }

    /// <summary>The oldest, if everything of it is acknowledged by the number; null when no further one is.</summary>
    public SentBatch? TakeAcknowledged(long number)
    {
        if (!_outstanding.TryPeek(out var oldest) || oldest.Last > number) return null;
        _outstanding.Dequeue();
        Count(-oldest.Bytes, -oldest.Messages);
        return oldest;
    }

    /// <summary>Of the batch that ended with this number; null if none that is outstanding did.</summary>
    public uint? CheckAt(long number)
    {
        foreach (var batch in _outstanding)
        {
            if (batch.Last == number) return batch.Check;
        }

        return null;
    }

    /// <summary>What followed this number is sent again.</summary>
    public void ForgetAfter(long number)
    {
        _outstanding = new Queue<SentBatch>(_outstanding.Where(batch => batch.Last <= number));
        Count(_outstanding.Sum(batch => batch.Bytes) - Bytes, _outstanding.Sum(batch => batch.Messages) - Messages);
    }

    public void Forget()
    {
        _outstanding.Clear();
        Count(-Bytes, -Messages);
    }

    /// <summary>The connection ended: nothing is outstanding any more, and of what was, nobody knows whether it arrived.</summary>
    public void Doubt()
    {
        if (_outstanding.Count > 0)
        {
            _doubtful = [.. _outstanding];
            together.SetDoubtful(queue, true);
        }

        Forget();
    }

    /// <summary>What becomes of that, now that the receiver says how far it is: batches are stored there whole or not at all.</summary>
    public InDoubt? ResolveDoubt(long position)
    {
        if (InDoubt is not { } doubt) return null;
        var stored = _doubtful.Where(batch => batch.Last <= position).Sum(batch => batch.Messages);
        _doubtful = [];
        together.SetDoubtful(queue, false);
        return doubt with { StoredThere = stored, SentAgain = doubt.Messages - stored };
    }

    private void Count(int bytes, int messages)
    {
        Bytes += bytes;
        Messages += messages;
        together.CountOutstanding(queue, bytes, messages);
    }
}
