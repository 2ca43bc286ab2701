namespace Gateway.Store;

/// <summary>
/// A request to the store. The gateway's loop creates and completes it; in between the store's thread applies it, commits it together with
/// all others waiting, and only then returns it.
/// </summary>
internal abstract class StoreCommand
{
    /// <summary>No caller waits for it: it is committed with the next command that a caller waits for, or soon.</summary>
    public virtual bool IsLazy => false;

    /// <summary>The approximate bytes it adds to a group.</summary>
    public virtual int SizeBytes => 64;

    /// <summary>
    /// It writes something that cannot be rejected, so it waits while the disk has no space for it. Other commands only read, or are
    /// rejected while there is none.
    /// </summary>
    public virtual bool NeedsRoom => true;

    /// <summary>It waits for data that the disk does not let it read now; otherwise it does without.</summary>
    public virtual bool WaitsToRead => true;

    /// <summary>
    /// What it tells holds only for the holder of the store: an engine that others may take over proves first that this process is that.
    /// </summary>
    public virtual bool ProvesHold => false;

    /// <summary>It is applied and waits only for its reads.</summary>
    public bool IsApplied { get; set; }

    /// <summary>On the store's thread: checks it against the state and appends its records to the group.</summary>
    public virtual void Apply(StoreJournal journal, StoreReader reader)
    {
    }

    /// <summary>On the store's thread, after the group's commit: reads.</summary>
    public virtual void Read(StoreReader reader)
    {
    }

    /// <summary>
    /// On the store's thread, after <see cref="Read"/>: unreadable messages have left their queues, in this group at the latest.
    /// </summary>
    public virtual void OnDamaged(long group)
    {
    }

    /// <summary>On the loop: its effects are durable; informs the caller.</summary>
    public virtual void Complete()
    {
    }
}
