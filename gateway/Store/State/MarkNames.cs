using Gateway.Store.Messages;

namespace Gateway.Store.State;

/// <summary>The names of notes, or their prefixes; they are part of the store's format, and FORMAT.md lists the notes.</summary>
internal static class MarkNames
{
    public const string PausedPeer = "pause/peer/";
    public const string PausedOutgoing = "pause/outgoing/";
    public const string PausedInbound = "pause/inbound/";
    public const string PausedInlet = "pause/inlet/";

    /// <summary>
    /// The number up to which an outgoing queue may have been sent. An outdated note would be wrong, so it is removed before sending.
    /// </summary>
    public const string SentUpTo = "sent/";

    /// <summary>
    /// The highest number of an outgoing queue whose message an operator took out although it was perhaps sent, by queue.
    /// </summary>
    public const string TakenInDoubt = "taken/";

    /// <summary>A complete name: the last runs of the gateway on this store.</summary>
    public const string Runs = "runs";

    /// <summary>A complete name: the former identity of this store, before it got a new one.</summary>
    public const string RenewedFrom = "renewed-from";

    /// <summary>The known history of a peer's store, by peer name.</summary>
    public const string KnownPeer = "known/peer/";

    /// <summary>An operator's acceptance of a peer as it stands, by peer name, until a connection has used it.</summary>
    public const string AcceptedPeer = "accepted/peer/";

    /// <summary>A peer's knowledge of this store that belongs to another history, by peer name.</summary>
    public const string ForeignToPeer = "foreign/peer/";

    /// <summary>The last run of a store that brought messages, by store id.</summary>
    public const string KnownStore = "known/store/";

    /// <summary>A complete name: the total running time of gateways on this store, in milliseconds.</summary>
    public const string RunningMs = "running-ms";

    /// <summary>An inlet has had conversations whose ends the far side may not know, by inlet name.</summary>
    public const string Inlet = "inlet/";

    /// <summary>The name of the note that a queue is paused.</summary>
    public static string PauseOf(QueueId queue) => (queue.Kind == QueueKind.Inbound ? PausedInbound : PausedOutgoing) + queue.Name;

    /// <summary>The queue that a note of this name marks as paused; null for any other note.</summary>
    public static QueueId? PausedQueue(string name)
    {
        if (name.StartsWith(PausedOutgoing, StringComparison.Ordinal) && name.Contains('@'))
            return new QueueId(QueueKind.Outgoing, name[PausedOutgoing.Length..]);
        return name.StartsWith(PausedInbound, StringComparison.Ordinal) ? QueueId.Inbound(name[PausedInbound.Length..]) : null;
    }

    /// <summary>The name of the note about the last run of a store that brought messages.</summary>
    public static string OfStore(Guid storeId) => KnownStore + storeId.ToString("N");
}
