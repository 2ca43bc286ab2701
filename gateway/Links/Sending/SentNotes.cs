namespace Gateway.Links.Sending;

/// <summary>
/// Records, while a link has no connection, how far each of its queues may have been sent, in a walk over some queues at a time. Until that
/// is durable, a restart assumes that everything was sent. Owned by its link.
/// </summary>
internal sealed class SentNotes(OutgoingQueues queues)
{
    private const int AtOnce = 1000;

    private readonly QueueWalk _walk = queues.NewWalk();
    private int _underWay;

    /// <summary>The walk waits for nothing and goes on with <see cref="WalkOn"/>.</summary>
    public bool IsWalkDue => _walk.IsUnderWay && _underWay == 0;

    /// <summary>The connection is lost.</summary>
    public void Begin()
    {
        _walk.Begin();
        if (_underWay == 0) WalkOn();
    }

    /// <summary>The link is up: messages sent from now on make further notes useless.</summary>
    public void Stop() => _walk.Stop();

    /// <summary>Visits the next queues.</summary>
    public void WalkOn()
    {
        for (var looks = 0; looks < QueueWalk.AtOnce && _underWay < AtOnce && _walk.Next() is { } queue; looks++)
        {
            if (queue.Note(OnNoted)) _underWay++;
        }
    }

    private void OnNoted()
    {
        if (--_underWay == 0 && _walk.IsUnderWay) WalkOn();
    }
}
