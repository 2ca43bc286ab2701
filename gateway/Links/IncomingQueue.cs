using Gateway.Store.Commands;

namespace Gateway.Links;

/// <summary>How far one of the peer's outgoing queues has come on this connection.</summary>
internal sealed class IncomingQueue(string name)
{
    public string Name => name;

    /// <summary>The last number that was given to the store.</summary>
    public long Submitted { get; set; }

    /// <summary>The last number that is known to be on the disk.</summary>
    public long Durable { get; set; }

    /// <summary>The check of its message, as the store has told it last.</summary>
    public uint DurableCheck { get; set; }

    /// <summary>The queue began on this connection; null if it did not.</summary>
    public QueueOpening? Opening { get; set; }

    /// <summary>
    /// What is here is of another history of the sender's store: it was opened below the position, or follows on another message. Nothing
    /// of it is taken until it is opened anew.
    /// </summary>
    public bool IsForeign { get; set; }

    public bool AwaitsResend { get; set; }

    /// <summary>There was no room for a batch, and the sender has been told.</summary>
    public bool IsFull { get; set; }

    /// <summary>There is news for the sender, with the next acknowledgements.</summary>
    public bool IsToAcknowledge { get; set; }

    /// <summary>Batches that the store has not answered.</summary>
    public int UnderWay { get; set; }

    /// <summary>What the sender has in its window, and the store has not answered.</summary>
    public int BytesUnderWay { get; set; }

    /// <summary>How often the sender was told to go back: what was under way then counts in its window no more.</summary>
    public int Round { get; set; }
}
