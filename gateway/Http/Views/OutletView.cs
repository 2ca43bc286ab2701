using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One outlet: its target, and what waits for it. Counters are since the start of the gateway, or of the outlet.</summary>
internal sealed record OutletView
{
    public required string Name { get; init; }

    public required LinkState State { get; init; }

    /// <summary>The cause of the present state, as listed in gateway/docs/troubleshooting.md; null for an outlet that is well.</summary>
    public LinkCause? Cause { get; init; }

    /// <summary>The last interruption of an outlet that is well; null if there was none.</summary>
    public InterruptionView? LastInterruption { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Evidence { get; init; }

    public required string Advice { get; init; }

    public required string Queue { get; init; }

    public required string Target { get; init; }

    /// <summary>The program that listens there, if it is on the gateway's host and can be seen; otherwise empty.</summary>
    public required string Program { get; init; }

    /// <summary>The framing of what the target sends.</summary>
    public required string Framing { get; init; }

    /// <summary>What counts as delivered.</summary>
    public required string Delivery { get; init; }

    /// <summary>Each conversation of an inlet has a connection of its own.</summary>
    public required bool IsPerConversation { get; init; }

    /// <summary>Open connections.</summary>
    public required int Open { get; init; }

    /// <summary>Messages in the queue, those under way among them.</summary>
    public required long Messages { get; init; }

    public required long MessageBytes { get; init; }

    public DateTimeOffset? OldestAt { get; init; }

    public double? OldestAgeSeconds { get; init; }

    /// <summary>Messages that left the queue, per second, over the last seconds.</summary>
    public required double DeliveredPerSecond { get; init; }

    /// <summary>Messages sent and not completed.</summary>
    public required int UnderWay { get; init; }

    public required long Delivered { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Messages sent again after the end of a connection: the target may not have had them.</summary>
    public required long SentAgain { get; init; }

    /// <summary>Of these, those whose bytes were acknowledged: the program may have seen them.</summary>
    public required long PossiblySeenTwice { get; init; }

    /// <summary>Refusals of messages by the target.</summary>
    public required long Refused { get; init; }

    /// <summary>Frames from the target.</summary>
    public required long Replies { get; init; }

    public required long ReplyBytes { get; init; }

    /// <summary>Frames from the target for which no conversation was known.</summary>
    public required long Unclaimed { get; init; }

    public PauseView? Pause { get; init; }

    public static OutletView Of(OutletSummary outlet, DateTimeOffset now)
    {
        var (status, queue) = (outlet.Status, outlet.Queue);
        return new OutletView
        {
            Name = outlet.Name,
            State = status.State,
            Cause = LinkView.CodeOf(status.PresentCause),
            LastInterruption = status.IsCauseOver ? new InterruptionView(status.Cause, status.Evidence) : null,
            Since = status.Since.ToUniversalTime(),
            Evidence = status.IsCauseOver ? "" : status.Evidence,
            Advice = status.IsCauseOver ? "" : status.Advice,
            Queue = status.Settings.Queue,
            Target = status.Settings.Target,
            Program = status.Program,
            Framing = TcpWords.Of(status.Settings.Format),
            Delivery = TcpWords.Delivery(status.Settings),
            IsPerConversation = status.Settings.IsPerConversation,
            Open = status.Open,
            Messages = outlet.Messages,
            MessageBytes = queue?.Bytes ?? 0,
            OldestAt = queue?.OldestAt?.ToUniversalTime(),
            OldestAgeSeconds = LinkView.Age(queue?.OldestAt, now),
            DeliveredPerSecond = queue?.RemovedPerSecond ?? 0,
            UnderWay = status.UnderWay,
            Delivered = status.Delivered,
            Bytes = status.Bytes,
            SentAgain = status.SentAgain,
            PossiblySeenTwice = status.PossiblySeenTwice,
            Refused = status.Refused,
            Replies = status.Replies,
            ReplyBytes = status.ReplyBytes,
            Unclaimed = status.Unclaimed,
            Pause = PauseView.Of(outlet.Pause),
        };
    }
}
