namespace Gateway.Inbox;

/// <summary>
/// The inboxes that time concerns: those with something due, by when. So a tick costs nothing for the others. Owned by the loop.
/// </summary>
internal sealed class ActiveInboxes
{
    private readonly SortedSet<InboundQueue> _byWake =
        new(Comparer<InboundQueue>.Create((left, right) => (left.WakeAt, left.Serial).CompareTo((right.WakeAt, right.Serial))));
    private long _lastSerial;

    /// <summary>When the first of them has something due.</summary>
    public TimeSpan NextWake => _byWake.Min?.WakeAt ?? TimeSpan.MaxValue;

    public long NextSerial() => ++_lastSerial;

    /// <summary>Wakes the inbox at that time and not before; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public void Wake(InboundQueue inbox, TimeSpan at)
    {
        if (inbox.WakeAt == at) return;
        if (inbox.WakeAt != TimeSpan.MaxValue) _byWake.Remove(inbox);
        inbox.WakeAt = at;
        if (at != TimeSpan.MaxValue) _byWake.Add(inbox);
    }

    /// <summary>One that has something due now, which is woken no more until it says so; null when there is none.</summary>
    public InboundQueue? TakeDue(TimeSpan now)
    {
        if (_byWake.Min is not { } first || first.WakeAt > now) return null;
        Wake(first, TimeSpan.MaxValue);
        return first;
    }
}
