using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Store.Messages;
using Gateway.Tcp;

namespace Gateway.Management;

/// <summary>Reconstructs the history of one message from its contents, its position and the history of the link or outlet. Pure.</summary>
internal static class MessageWay
{
    /// <param name="queue">Null for a dead letter.</param>
    /// <param name="number">The number in the queue.</param>
    /// <param name="message">Null if it is unreadable.</param>
    /// <param name="letter">Null for a message of a queue.</param>
    /// <param name="link">The link that delivers it; null if there is none.</param>
    /// <param name="outlet">The outlet that empties its queue; null if there is none.</param>
    /// <param name="isOut">It is with a consumer, or with the outlet.</param>
    public static IReadOnlyList<TraceStep> Of(
        QueueId? queue, long number, StoredMessage? message, DeadLetter? letter, DateTimeOffset now, OutgoingLink? link,
        OutletStatus? outlet = null, bool isOut = false)
    {
        var steps = new List<TraceStep>();
        if (message is not null)
            steps.Add(new TraceStep(Time(message.Message.EnqueuedUnixMs), "accepted", $"accepted by {message.Message.Source}"));
        if (letter is not null)
        {
            steps.Add(new TraceStep(null, "stored", $"stored as number {letter.MessageNumber} of {letter.Queue}"));
            steps.Add(
                new TraceStep(Time(letter.AtUnixMs), "dead-lettered",
                    $"dead letter {letter.Number} ({letter.Reason}){(letter.Text.Length > 0 ? $": {letter.Text}" : "")}"));
            return steps;
        }

        steps.Add(new TraceStep(null, "stored", $"stored as number {number} of {queue}"));
        if (queue is { Kind: QueueKind.Outgoing } outgoing) steps.AddRange(OnLink(outgoing, number, message, link));
        else if (outlet is not null) steps.AddRange(AtOutlet(outlet, number, message, isOut));
        else if (message is not null) steps.Add(AtConsumers(message, now));
        return steps;
    }

    private static IEnumerable<TraceStep> OnLink(QueueId queue, long number, StoredMessage? message, OutgoingLink? link)
    {
        if (link is null)
        {
            yield return new TraceStep(null, "waiting", $"waits: no peer {queue.Peer} is configured");
            yield break;
        }

        foreach (var change in link.History.Changes)
        {
            if (change.InDoubt.FirstOrDefault(doubt => doubt.Queue == queue.LocalName && number >= doubt.First && number <= doubt.Last)
                is null) continue;
            yield return change.State == LinkState.Up
                ? new TraceStep(change.At, "sent", "sent again: the peer did not have it")
                : new TraceStep(change.At, "in-doubt", $"sent, and not acknowledged when the connection ended ({change.Cause})");
        }

        if (link.UnderWay.TimesSent(queue, number) is > 0 and var times)
            yield return new TraceStep(null, "sent", $"sent {Figures.Times(times)} since the gateway started");
        if (number <= link.UnderWay.SentUpTo(queue))
            yield return new TraceStep(null, "sent", "sent on this connection; the peer has not acknowledged it yet");
        else if (link.Status.State == LinkState.Up)
            yield return new TraceStep(
                null, "waiting", $"waits for its turn; the queue was sent up to number {link.UnderWay.SentUpTo(queue)}");
        else yield return new TraceStep(WaitsSince(link.Status.Since, message), "waiting",
            $"waits: the link is {link.Status.State.ToString().ToLowerInvariant()} ({link.Status.Cause}) "
                + $"since {Figures.Time(link.Status.Since)}");
    }

    private static IEnumerable<TraceStep> AtOutlet(OutletStatus outlet, long number, StoredMessage? message, bool isOut)
    {
        foreach (var change in outlet.History)
        {
            if (!change.InDoubt.Any(doubt => number >= doubt.First && number <= doubt.Last)) continue;
            yield return new TraceStep(change.At, "in-doubt", $"sent to {outlet.Settings.Target}, and not known to be delivered when the "
                + $"connection ended ({change.Cause}): the program may see it twice");
        }

        var name = outlet.Settings.Name;
        if (isOut) yield return new TraceStep(null, "sent", $"with the outlet {name}, which sends it to {outlet.Settings.Target}");
        else if (outlet.State == LinkState.Up) yield return new TraceStep(null, "waiting", $"waits for its turn at the outlet {name}");
        else yield return new TraceStep(WaitsSince(outlet.Since, message), "waiting", $"waits: the outlet {name} is "
            + $"{outlet.State.ToString().ToLowerInvariant()} ({outlet.Cause}) since {Figures.Time(outlet.Since)}");
    }

    private static TraceStep AtConsumers(StoredMessage message, DateTimeOffset now)
    {
        if (message.Deliveries == 0) return new TraceStep(null, "waiting", "waits for a consumer");
        var until = message.NotBeforeUnixMs > now.ToUnixTimeMilliseconds() ? $", and waits until {Figures.Time(message.NotBeforeUnixMs)}"
            : "";
        return new TraceStep(null, "delivered", $"delivered {Figures.Times(message.Deliveries)} and not completed{until}");
    }

    /// <summary>From when the link ended, or the message came, whichever was later; null for a message that cannot be read.</summary>
    private static DateTimeOffset? WaitsSince(DateTimeOffset linkSince, StoredMessage? message)
    {
        if (message is null) return null;
        var accepted = Time(message.Message.EnqueuedUnixMs);
        return accepted > linkSince ? accepted : linkSince;
    }

    private static DateTimeOffset Time(long unixMs) => DateTimeOffset.FromUnixTimeMilliseconds(unixMs);
}
