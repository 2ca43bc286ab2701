namespace Gateway.Store.Messages;

internal enum QueueKind : byte
{
    /// <summary>The undelivered messages of one destination; the name is <c>queue@peer</c>.</summary>
    Outgoing = 1,

    /// <summary>Messages that arrived for a local queue and are not completed yet; the name is the queue's.</summary>
    Inbound = 2,
}

/// <summary>Identifies one queue of this gateway.</summary>
internal readonly record struct QueueId(QueueKind Kind, string Name)
{
    public static QueueId Inbound(string queue) => new(QueueKind.Inbound, queue);

    public static QueueId Outgoing(string queue, string peer) => new(QueueKind.Outgoing, $"{queue}@{peer}");

    /// <summary>The queue of this gateway in which a message for the destination waits.</summary>
    public static QueueId For(string queue, string peer, string ownName) => peer == ownName ? Inbound(queue) : Outgoing(queue, peer);

    /// <summary>The queue's name without the peer.</summary>
    public string LocalName => Kind == QueueKind.Outgoing ? Name[..Name.IndexOf('@')] : Name;

    /// <summary>The peer of an outgoing queue.</summary>
    public string Peer => Name[(Name.IndexOf('@') + 1)..];

    public override string ToString() => $"{(Kind == QueueKind.Outgoing ? "outgoing" : "inbound")} {Name}";
}
