namespace Gateway.Store.Repair;

/// <summary>What is known of one queue of a damaged store.</summary>
internal sealed class RepairQueue(long handle)
{
    /// <summary>How the records of the damaged store name it.</summary>
    public long Handle { get; } = handle;

    /// <summary>Null when its name is lost.</summary>
    public QueueId? Id { get; set; }

    /// <summary>The messages that are in the queue as far as is known, each with its group.</summary>
    public SortedDictionary<long, long> Live { get; } = [];

    /// <summary>The number that it began after.</summary>
    public long MadeAfter { get; set; }

    /// <summary>The highest number of which there is a trace.</summary>
    public long LastNumber { get; set; }

    public long DeliveredUpTo { get; set; }

    public Dictionary<long, Returned> Returned { get; } = [];

    /// <summary>
    /// Messages that were put aside as damaged before, each with its group. What can be read of them now gets a new number.
    /// </summary>
    public SortedDictionary<long, long> PutAside { get; } = [];

    /// <summary>Numbers that may be in the queue, and of which nothing can be read.</summary>
    public NumberRanges Missing { get; } = new();

    /// <summary>The last group in which the queue got a message.</summary>
    public long LastStoredGroup { get; set; }

    public void Remove(long number)
    {
        Live.Remove(number);
        Returned.Remove(number);
        Missing.Remove(number);
    }

    public void RemoveUpTo(long number)
    {
        Missing.RemoveUpTo(number);
        foreach (var gone in Live.Keys.TakeWhile(live => live <= number).ToList()) Remove(gone);
    }
}
