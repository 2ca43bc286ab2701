namespace Gateway.Store;

/// <summary>
/// Something that the store is asked to do. Made and completed by the gateway's loop; in between the store's thread applies it, commits it
/// together with all others that were waiting, and only then hands it back.
/// </summary>
internal abstract class StoreCommand
{
    /// <summary>Nobody waits for it: it is committed with the next command that somebody waits for, or soon.</summary>
    public virtual bool IsLazy => false;

    /// <summary>About how much it adds to a group.</summary>
    public virtual int SizeBytes => 64;

    /// <summary>
    /// It writes what cannot be refused, and so waits as long as the disk has no room for it. Others only read, or are refused while the
    /// disk has none.
    /// </summary>
    public virtual bool NeedsRoom => true;

    /// <summary>What the disk does not let it read now is waited for; otherwise it goes without.</summary>
    public virtual bool WaitsToRead => true;

    /// <summary>It waits only for what it reads.</summary>
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
    /// On the store's thread, after <see cref="Read"/>: messages that could not be read have left their queues, in this group at the
    /// latest.
    /// </summary>
    public virtual void OnDamaged(long group)
    {
    }

    /// <summary>On the loop: what it did is durable; tells whoever asked.</summary>
    public virtual void Complete()
    {
    }
}
