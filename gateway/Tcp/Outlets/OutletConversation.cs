namespace Gateway.Tcp.Outlets;

/// <summary>What an outlet knows of one conversation that has, or gets, a connection of its own. Owned by its outlet.</summary>
internal sealed class OutletConversation(string id, string inlet)
{
    public string Id => id;

    /// <summary>The inlet with its gateway; empty for messages of applications.</summary>
    public string Inlet => inlet;

    public ReplyAddress? ReplyTo { get; set; }

    /// <summary>Of what goes back to it.</summary>
    public required ReplyNumbers Numbers { get; init; }

    /// <summary>The program at the inlet.</summary>
    public string From { get; set; } = "";

    /// <summary>Of a stream: the message that it has begun, which is held for as long as its connection lives.</summary>
    public OutletMessage? Began { get; set; }

    /// <summary>Null while it has no connection, and none is being made.</summary>
    public TargetLine? Line { get; set; }

    /// <summary>The messages for which there is no connection yet.</summary>
    public Queue<OutletMessage> Waiting { get; } = [];

    /// <summary>The messages may be given to the connection.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The inlet was told that the target has finished.</summary>
    public bool IsFinishTold { get; set; }

    /// <summary>The inlet has finished, and the target was told.</summary>
    public bool IsFinished { get; set; }

    /// <summary>The connection is reset once everything is delivered: the inlet's gateway has begun anew.</summary>
    public bool IsToReset { get; set; }

    /// <summary>Before this time of the loop no connection is tried.</summary>
    public TimeSpan RetryAt { get; set; }

    /// <summary>When it began, or a message of it was delivered last, in the loop's uptime.</summary>
    public TimeSpan LastDelivered { get; set; }

    /// <summary>A stream with a connection: its beginning is delivered, and held for its sake alone.</summary>
    public bool IsStreaming => IsOpen && Began is not null;

    /// <summary>The oldest message of it that waits to be delivered; null if there is none.</summary>
    public OutletMessage? Oldest =>
        !IsStreaming && Began is not null ? Began : Line?.Oldest ?? (Waiting.TryPeek(out var next) ? next : null);

    /// <summary>A connection is wanted.</summary>
    public bool WantsLine => Line is null && (Waiting.Count > 0 || Began is not null);
}
