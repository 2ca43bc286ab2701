using Gateway.Store.Messages;
using Gateway.Store.Records;

namespace Gateway.Store.Repair;

/// <summary>The knowledge about one queue of a damaged store.</summary>
internal sealed class RepairQueue(long handle)
{
    /// <summary>The handle by which the damaged store's records name it.</summary>
    public long Handle { get; } = handle;

    /// <summary>Null if its name is lost.</summary>
    public QueueId? Id { get; set; }

    /// <summary>The messages in the queue as far as known, each with its group.</summary>
    public SortedDictionary<long, long> Live { get; } = [];

    /// <summary>The number after which it began.</summary>
    public long MadeAfter { get; set; }

    /// <summary>The highest number of which there is a trace.</summary>
    public long LastNumber { get; set; }

    public long DeliveredUpTo { get; set; }

    public Dictionary<long, Returned> Returned { get; } = [];

    /// <summary>Messages set aside earlier as damaged, each with its group. Those readable now get a new number.</summary>
    public SortedDictionary<long, long> PutAside { get; } = [];

    /// <summary>Numbers that may be in the queue but are unreadable.</summary>
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
