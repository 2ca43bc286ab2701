using Gateway.Store.Commands;

namespace Gateway.Links.Receiving;

/// <summary>The progress of one of the peer's outgoing queues on this connection.</summary>
internal sealed class IncomingQueue(string name)
{
    public string Name => name;

    /// <summary>The last number given to the store.</summary>
    public long Submitted { get; set; }

    /// <summary>The last number known to be durable.</summary>
    public long Durable { get; set; }

    /// <summary>The check of the message with that number, as last reported by the store.</summary>
    public uint DurableCheck { get; set; }

    /// <summary>Set if the queue began on this connection; null otherwise.</summary>
    public QueueOpening? Opening { get; set; }

    /// <summary>
    /// The stored messages belong to another history of the sender's store: the queue was opened below the position, or follows on another
    /// message. Nothing of it is accepted until it is opened anew.
    /// </summary>
    public bool IsForeign { get; set; }

    public bool AwaitsResend { get; set; }

    /// <summary>A batch found no room, and the sender has been told.</summary>
    public bool IsFull { get; set; }

    /// <summary>The next acknowledgements include this queue.</summary>
    public bool IsToAcknowledge { get; set; }

    /// <summary>Batches without an answer from the store.</summary>
    public int UnderWay { get; set; }

    /// <summary>Bytes in the sender's window without an answer from the store.</summary>
    public int BytesUnderWay { get; set; }

    /// <summary>The number of times the sender was told to go back; batches under way at that time no longer count in its window.</summary>
    public int Round { get; set; }
}
