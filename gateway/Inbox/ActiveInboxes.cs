namespace Gateway.Inbox;

/// <summary>The inboxes with scheduled work, ordered by time, so that a tick costs nothing for the others. Owned by the loop.</summary>
internal sealed class ActiveInboxes
{
    private readonly SortedSet<InboundQueue> _byWake =
        new(Comparer<InboundQueue>.Create((left, right) => (left.WakeAt, left.Serial).CompareTo((right.WakeAt, right.Serial))));
    private long _lastSerial;

    /// <summary>The time of the earliest scheduled work, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextWake => _byWake.Min?.WakeAt ?? TimeSpan.MaxValue;

    public long NextSerial() => ++_lastSerial;

    /// <summary>Schedules the inbox for this time, replacing its earlier schedule; <see cref="TimeSpan.MaxValue"/> for never.</summary>
    public void Wake(InboundQueue inbox, TimeSpan at)
    {
        if (inbox.WakeAt == at) return;
        if (inbox.WakeAt != TimeSpan.MaxValue) _byWake.Remove(inbox);
        inbox.WakeAt = at;
        if (at != TimeSpan.MaxValue) _byWake.Add(inbox);
    }

    /// <summary>Returns an inbox that is due and removes it from the schedule; null if none is due.</summary>
    public InboundQueue? TakeDue(TimeSpan now)
    {
        if (_byWake.Min is not { } first || first.WakeAt > now) return null;
        Wake(first, TimeSpan.MaxValue);
        return first;
    }
}
