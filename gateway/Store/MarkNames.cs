namespace Gateway.Store;

/// <summary>What the names of notes begin with, or are; they are part of the store's format, and FORMAT.md has the notes.</summary>
internal static class MarkNames
{
    public const string PausedPeer = "pause/peer/";
    public const string PausedOutgoing = "pause/outgoing/";
    public const string PausedInbound = "pause/inbound/";

    /// <summary>
    /// How far an outgoing queue may have been sent. A note that is older than what was sent would be wrong, so it is taken away before
    /// anything is.
    /// </summary>
    public const string SentUpTo = "sent/";

    /// <summary>The whole name of a note: the last runs of the gateway on this store.</summary>
    public const string Runs = "runs";

    /// <summary>The whole name of a note: which store this one was before it got a new identity.</summary>
    public const string RenewedFrom = "renewed-from";

    /// <summary>Up to where the history of a peer's store is known, by the peer's name.</summary>
    public const string KnownPeer = "known/peer/";

    /// <summary>An operator's word to go on with a peer as it stands, by the peer's name, until a connection has used it.</summary>
    public const string AcceptedPeer = "accepted/peer/";

    /// <summary>What a peer knew of this store that is of another history, by the peer's name.</summary>
    public const string ForeignToPeer = "foreign/peer/";

    /// <summary>Which run of a store was the last to bring messages, by the store's id.</summary>
    public const string KnownStore = "known/store/";

    /// <summary>The whole name of a note: for how many milliseconds gateways have run on this store.</summary>
    public const string RunningMs = "running-ms";

    /// <summary>The note that a queue is paused.</summary>
    public static string PauseOf(QueueId queue) => (queue.Kind == QueueKind.Inbound ? PausedInbound : PausedOutgoing) + queue.Name;

    /// <summary>The queue that a note of this name says is paused; null if it says something else.</summary>
    public static QueueId? PausedQueue(string name)
    {
        if (name.StartsWith(PausedOutgoing, StringComparison.Ordinal) && name.Contains('@'))
            return new QueueId(QueueKind.Outgoing, name[PausedOutgoing.Length..]);
        return name.StartsWith(PausedInbound, StringComparison.Ordinal) ? QueueId.Inbound(name[PausedInbound.Length..]) : null;
    }

    /// <summary>The note of which run of a store was the last to bring messages.</summary>
    public static string OfStore(Guid storeId) => KnownStore + storeId.ToString("N");
}
