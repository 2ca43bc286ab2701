using Gateway.Store.Messages;

namespace Gateway.Links.Sending;

/// <summary>
/// The queues of a link that the store has forgotten, since they are empty: each is forgotten here too once nothing of it is under way.
/// Owned by its link.
/// </summary>
internal sealed class ForgottenQueues(OutgoingQueues queues)
{
    private readonly HashSet<OutgoingQueue> _waiting = [];
    private long _upTo;

    /// <summary>The store has forgotten the empty queue, whose last assigned number is given.</summary>
    public void OnForgotten(QueueId id, long lastNumber)
    {
        if (queues.Find(id.LocalName) is not { } queue) return;
        queue.OnForgotten(lastNumber);
        if (!queue.IsForgotten) return;
        _upTo = Math.Max(_upTo, lastNumber);
        _waiting.Add(queue);
    }

    /// <summary>Returns the queues to forget now: those with nothing under way.</summary>
    public IReadOnlyList<OutgoingQueue> Take()
    {
        if (_waiting.Count == 0) return [];
        var done = _waiting.Where(queue => !queue.IsForgotten || queues.Current(queue).IsIdle).ToList();
        _waiting.ExceptWith(done);
        return done.FindAll(queue => queue.IsForgotten);
    }

    /// <summary>Answers given before the queue was forgotten may arrive afterwards.</summary>
    public bool Had(string queue, long number) => _upTo > 0 && number <= _upTo && queues.Find(queue) is null;
}
