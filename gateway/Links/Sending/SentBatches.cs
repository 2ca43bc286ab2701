using Gateway.Links.Causes;

namespace Gateway.Links.Sending;

/// <summary>
/// The batches of one queue sent on this connection and not acknowledged, oldest first; and those of an ended connection while their
/// outcome is unknown. Owned by the queue.
/// </summary>
/// <param name="together">Receives every change of its sums.</param>
internal sealed class SentBatches(OutgoingQueue queue, OutgoingQueues together)
{
    /// <summary>Initially small: there may be very many queues, with one batch each.</summary>
    private Queue<SentBatch> _outstanding = new(1);
    private IReadOnlyList<SentBatch> _doubtful = [];

    /// <summary>The bytes of all outstanding batches.</summary>
    public int Bytes { get; private set; }

    public int Messages { get; private set; }

    public SentBatch? Oldest => _outstanding.TryPeek(out var oldest) ? oldest : null;

    /// <summary>The messages sent on an ended connection and not acknowledged on it; null if there are none.</summary>
    public InDoubt? InDoubt => _doubtful.Count == 0 ? null : new InDoubt(
        queue.Name, _doubtful[0].First, _doubtful[^1].Last, _doubtful.Sum(batch => batch.Messages));

    public void Add(SentBatch batch)
    {
        _outstanding.Enqueue(batch);
        Count(batch.Bytes, batch.Messages);
    }

    /// <summary>Takes the oldest batch if the number acknowledges all of it; otherwise null.</summary>
    public SentBatch? TakeAcknowledged(long number)
    {
        if (!_outstanding.TryPeek(out var oldest) || oldest.Last > number) return null;
        _outstanding.Dequeue();
        Count(-oldest.Bytes, -oldest.Messages);
        return oldest;
    }

    /// <summary>The check of the outstanding batch that ends with this number; null if there is none.</summary>
    public uint? CheckAt(long number)
    {
        foreach (var batch in _outstanding)
        {
            if (batch.Last == number) return batch.Check;
        }

        return null;
    }

    /// <summary>Everything after this number will be resent.</summary>
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

    /// <summary>The connection ended: nothing is outstanding any more, and it is unknown whether the batches arrived.</summary>
    public void Doubt()
    {
        if (_outstanding.Count > 0)
        {
            _doubtful = [.. _outstanding];
            together.SetDoubtful(queue, true);
        }

        Forget();
    }

    /// <summary>Resolves the doubt with the receiver's position: batches are stored there whole or not at all.</summary>
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
