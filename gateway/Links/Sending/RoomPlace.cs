namespace Gateway.Links.Sending;

/// <summary>
/// An outgoing queue for which the receiver had no room: when it may ask again, and its place among others. Owned by the queue.
/// </summary>
/// <param name="queue">The queue that has this place.</param>
/// <param name="together">Counts the held queues of the link.</param>
internal sealed class RoomPlace(OutgoingQueue queue, OutgoingQueues together)
{
    private TimeSpan _heldUntil;

    /// <summary>
    /// The queue's place in the line of those for which the peer has no room; 0 outside it. Kept by <see cref="RoomLine"/>.
    /// </summary>
    public long Ticket { get; private set; }

    /// <summary>The queue is among the first of that line and may ask with a batch.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>The receiver had no room when last asked; one batch at a time asks again.</summary>
    public bool IsHeld
    {
        get;
        private set
        {
            if (field && !value) together.Unheld(queue);
            field = value;
        }
    }

    /// <summary>The receiver may not be asked yet.</summary>
    public bool Waits(TimeSpan now) => IsHeld && now < _heldUntil;

    public void Hold(TimeSpan until)
    {
        if (!IsHeld) together.CountHeld();
        IsHeld = true;
        _heldUntil = until;
    }

    /// <summary>The receiver has taken something.</summary>
    public void Release() => IsHeld = false;

    public void StandInLine(long ticket) => (Ticket, IsAsking) = (ticket, false);

    public void Ask()
    {
        IsAsking = true;
        _heldUntil = TimeSpan.Zero;
    }

    public void LeaveLine()
    {
        StandInLine(0);
        IsHeld = false;
    }
}
