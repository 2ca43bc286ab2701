using Gateway.Tcp.Framing;

namespace Gateway.Tcp;

/// <summary>What counts as delivered to a program that knows nothing of the gateway.</summary>
internal enum OutletDelivery
{
    /// <summary>The receiving host's TCP has acknowledged all bytes of the message.</summary>
    Acknowledged,

    /// <summary>The program has sent the reply for it.</summary>
    Reply,

    /// <summary>The bytes were handed to this host's TCP.</summary>
    Written,
}

/// <summary>One outlet: it empties an inbound queue into the connections of a program that listens. Immutable.</summary>
/// <param name="Name">Its name in the configuration.</param>
/// <param name="Queue">The inbound queue that it empties, in order.</param>
/// <param name="Host">The target's host name or address.</param>
/// <param name="Port">The target's port.</param>
/// <param name="Format">The framing of what the target sends; messages are written as they are.</param>
internal sealed record OutletSettings(string Name, string Queue, string Host, int Port, FrameFormat Format)
{
    public OutletDelivery Delivery { get; init; } = OutletDelivery.Acknowledged;

    /// <summary>
    /// Completion is held back by this long after the acknowledgement; only for <see cref="OutletDelivery.Acknowledged"/>.
    /// </summary>
    public TimeSpan ReplayWindow { get; init; } = TimeSpan.Zero;

    /// <summary>A <see cref="ReplyPattern"/>: only a frame that matches completes. Empty: every frame does.</summary>
    public string Accepted { get; init; } = "";

    /// <summary>Likewise: a frame that matches refuses the message. Empty: none does.</summary>
    public string Refused { get; init; } = "";

    /// <summary>A message that the target refused so often becomes a dead letter with the last reply as reason.</summary>
    public int AttemptsMax { get; init; } = 5;

    /// <summary>The time for a reply, after which the connection is given up and the message sent again.</summary>
    public TimeSpan ReplyTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages sent and not yet replied to; only for <see cref="OutletDelivery.Reply"/>.</summary>
    public int UnansweredMax { get; init; } = 1;

    /// <summary>Each conversation of an inlet has a connection of its own; otherwise one serves all.</summary>
    public bool IsPerConversation { get; init; }

    /// <summary>Connections at once if each conversation has its own; messages of a further one wait.</summary>
    public int ConnectionsMax { get; init; } = 100;

    /// <summary>A connection of a conversation in which nothing moves for so long is closed; zero for never.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.Zero;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan BackoffMin { get; init; } = TimeSpan.FromMilliseconds(100);

    public TimeSpan BackoffMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A target that takes none of the bytes that wait for it for so long is told as stuck.</summary>
    public TimeSpan StuckTold { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes sent on one connection and not yet completed.</summary>
    public int WindowBytes { get; init; } = 4 * 1024 * 1024;

    /// <summary>The target as <c>host:port</c>.</summary>
    public string Target => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
