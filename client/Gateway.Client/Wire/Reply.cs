namespace Gateway.Client.Wire;

/// <summary>The gateway's replies to an application; one record per verb. PROTOCOL.md describes the frames.</summary>
internal abstract record Reply
{
    /// <param name="Version">The protocol version, "1".</param>
    /// <param name="Gateway">The gateway's name.</param>
    /// <param name="Incarnation">The current run of the gateway, 32 hexadecimal digits.</param>
    /// <param name="Limits">The limits in force.</param>
    public sealed record Welcome(string Version, string Gateway, string Incarnation, WireLimits Limits) : Reply;

    /// <summary>The answer to a message that names no request.</summary>
    public sealed record Error(WireCode Code, string Text) : Reply;

    public sealed record Pong(ReadOnlyMemory<byte> Payload) : Reply;

    public sealed record Accepted(RequestId Id, IReadOnlyList<MessageId> MessageIds) : Reply;

    public sealed record Rejected(RequestId Id, WireCode Code, string Text) : Reply;

    public sealed record Delivery(RequestId Subscription, DeliveryToken Token, DeliveredMessage Message) : Reply;

    public sealed record Stopped(RequestId Subscription) : Reply;

    public sealed record Settled(RequestId Id) : Reply;

    public sealed record Peeked(RequestId Id, IReadOnlyList<PeekedMessage> Messages) : Reply;

    /// <param name="Id">The request's id.</param>
    /// <param name="Name">The gateway's name, as in WELCOME.</param>
    /// <param name="Obstacle">Why the gateway accepts no messages now, for people; empty when it does.</param>
    public sealed record Ready(RequestId Id, string Name, string Obstacle) : Reply;

    /// <param name="Id">The request's id.</param>
    /// <param name="Messages">The number of messages in the queue.</param>
    /// <param name="Bytes">The size of their headers and bodies.</param>
    /// <param name="OldestUnixMs">When the first of them was accepted; 0 if there is none, or it cannot be read.</param>
    /// <param name="State">
    /// The state of the link to the queue's peer, as in <see cref="Peer"/>. Empty for a local queue, like the fields below.
    /// </param>
    /// <param name="Cause">The cause of the current or last fault of the link; empty if there is none.</param>
    /// <param name="Text">The evidence, for people.</param>
    public sealed record Depth(
        RequestId Id, long Messages, long Bytes, long OldestUnixMs, string State, string Cause, string Text) : Reply;

    /// <summary>The state of the link to a peer, sent on the application's first message to that peer and on each change.</summary>
    /// <param name="Name">The peer.</param>
    /// <param name="State"><c>connecting</c>, <c>up</c>, <c>down</c> or <c>paused</c>.</param>
    /// <param name="Cause">The cause of the current or last fault of the link; empty if there is none.</param>
    /// <param name="Text">The evidence, for people.</param>
    public sealed record Peer(string Name, string State, string Cause, string Text) : Reply;

    public sealed record Goodbye : Reply;
}

/// <summary>A message as a consumer sees it.</summary>
/// <param name="Id">The message's id.</param>
/// <param name="Deliveries">The number of deliveries, including this one; 0 in a PEEK of a message never delivered.</param>
/// <param name="Headers">A JSON object of strings in UTF-8, or empty.</param>
/// <param name="EnqueuedUnixMs">The time at which the first gateway accepted the message.</param>
/// <param name="ExpiresUnixMs">0 for never.</param>
/// <param name="Source">The name of the gateway that first accepted the message.</param>
/// <param name="Body">The message body.</param>
internal sealed record DeliveredMessage(
    MessageId Id,
    int Deliveries,
    ReadOnlyMemory<byte> Headers,
    long EnqueuedUnixMs,
    long ExpiresUnixMs,
    string Source,
    ReadOnlyMemory<byte> Body);

/// <summary>One line of a PEEK.</summary>
internal sealed record PeekedMessage(long Number, DeliveredMessage Message);

/// <summary>The limits in a WELCOME; see PROTOCOL.md.</summary>
internal sealed record WireLimits
{
    public int BodyBytesMax { get; init; } = 1024 * 1024;

    public int HeadersBytesMax { get; init; } = 16 * 1024;

    public int BatchMessagesMax { get; init; } = 1000;

    public int BatchBytesMax { get; init; } = 4 * 1024 * 1024;

    public int CreditMax { get; init; } = 10_000;

    public int SubscriptionsMax { get; init; } = 64;

    public int PendingRequestsMax { get; init; } = 10_000;

    /// <summary>The default lease of a RECEIVE or RENEW.</summary>
    public int LeaseMs { get; init; } = 30_000;
}
