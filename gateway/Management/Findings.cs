using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>
/// The one judgement of a gateway's state: every condition that needs attention, with its weight and its remedy. Probes, monitoring, pages
/// and command line show parts of it and have no thresholds of their own. Pure.
/// </summary>
internal static class Findings
{
    /// <summary>Messages that wait this long without an obstacle need attention.</summary>
    private static readonly TimeSpan _waitLong = TimeSpan.FromMinutes(5);

    /// <summary>A queue or link with a lower rate stands still, in messages per second.</summary>
    private const double StandsStill = 0.05;

    /// <summary>With less free space than this multiple of the reserve, the disk will soon be full.</summary>
    private const int ReservesLow = 2;

    /// <summary>The changed keys that are named.</summary>
    private const int KeysShown = 5;

    /// <summary>The worst first.</summary>
    public static IReadOnlyList<Finding> Of(GatewayState state) =>
        [.. OfIntake(state).Concat(OfStore(state)).Concat(OfConfiguration(state.Configuration))
            .Concat(state.Links.SelectMany(link => OfLink(link, state.Now)))
            .Concat(TcpFindings.Of(state))
            .Concat(state.Queues.SelectMany(queue => OfQueue(queue, state))).OrderByDescending(finding => finding.Weight)];

    /// <summary>The obstacles that keep the whole gateway from accepting messages; a single full queue is none.</summary>
    public static IEnumerable<Finding> OfIntake(GatewayState state)
    {
        if (state.IsStopping)
        {
            yield return Obstacle("stopping", "the gateway is stopping; it delivers what it can and takes no new messages",
                "Start it again when its host is ready.");
        }

        if (state.Engine.Outage is { } outage)
        {
            yield return Obstacle("store-stalled", $"{outage}. New messages are rejected (Busy), nothing is delivered until it is back, "
                + "and the counts of messages may be older", "Look at the database server. The gateway goes on by itself when it is back, "
                + "and stops when that takes longer than Store:OutageMax.");
        }
        else if (state.StoreStalledSince is { } stalled)
        {
            yield return Obstacle("store-stalled", $"the store has answered nothing since {Figures.Time(stalled)}, as when its disk hangs: "
                + "nothing is accepted or delivered until it answers, and the counts of messages are older",
                "Check the disk of this gateway's store; the gateway continues by itself as soon as the disk answers.");
        }

        if (state.StoredBytes >= state.StoredBytesMax)
        {
            yield return Obstacle("store-full", $"the store holds {Figures.Bytes(state.StoredBytes)}, of "
                + $"{Figures.Bytes(state.StoredBytesMax)} that it may hold (Store:BytesMax)",
                "Find the queues that do not drain; delivering, completing or purging messages frees space.");
        }

        if (state.DiskObstacle is { } obstacle)
        {
            yield return Obstacle("disk", $"new messages have been refused since {Figures.Time(obstacle.Since)}, and stored ones "
                + $"drain: {obstacle.Why}", "Fix the disk or its permissions; the gateway then accepts messages again by itself.");
        }

        if (state.FreeBytes < state.FreeBytesMin)
        {
            yield return Obstacle("disk-full", $"the disk has {Figures.Bytes(state.FreeBytes)} left, and "
                + $"{Figures.Bytes(state.FreeBytesMin)} are the reserve (Store:DiskReserveBytes)",
                "Free space on the disk; until then no message is accepted.");
        }
    }

    /// <summary>How a link weighs by itself; null if it is well.</summary>
    public static Weight? Of(LinkSummary link) => link switch
    {
        { Pause: not null } or { Status.State: LinkState.Paused } => Weight.Notice,
        { Status.IsWell: true, Warning: "" } => null,
        { Status.IsWell: true } or { Messages: 0 } => Weight.Warning,
        _ => Weight.Error,
    };

    private static IEnumerable<Finding> OfStore(GatewayState state)
    {
        if (state.FreeBytes >= state.FreeBytesMin && state.FreeBytes / ReservesLow < state.FreeBytesMin)
        {
            yield return Plain(Weight.Warning, "disk-low", $"the disk of the store has {Figures.Bytes(state.FreeBytes)} left",
                $"Free space: with less than {Figures.Bytes(state.FreeBytesMin)} no message is accepted.");
        }

        foreach (var weakness in state.Engine.Weaknesses)
        {
            yield return Plain(Weight.Warning, "durability", weakness,
                "Change the settings of the database server, or accept the risk.") with
            { IsOfHealth = true };
        }

        if (state.Damaged > 0)
        {
            yield return Plain(Weight.Error, "damaged", $"{Figures.Messages(state.Damaged)} could not be read and left their queues",
                "Check the disk; 'gateway store check' lists them when the gateway is stopped.") with
            { IsOfHealth = true };
        }

        if (state.DeadLetters > 0)
        {
            yield return Plain(Weight.Warning, "dead-letters", $"{Figures.Counted(state.DeadLetters, "dead letter")} "
                + $"{(state.DeadLetters == 1 ? "waits" : "wait")} for a decision",
                "Return them once their cause is fixed, or purge them.");
        }

        if (state.Certificate is { Warning.Length: > 0 } certificate)
        {
            yield return new Finding(Weight.Warning, "certificate", "", certificate.Warning,
                "The certificate of this gateway needs attention.", certificate.Warning)
            { IsOfHealth = true };
        }
    }

    private static IEnumerable<Finding> OfConfiguration(ConfigurationStanding configuration)
    {
        if (configuration.Faults is [var first, ..] faults)
        {
            yield return Plain(Weight.Warning, "configuration", $"the changed configuration has had "
                + $"{Figures.Counted(faults.Count, "fault")} since {Figures.Time(configuration.FaultySince)} and is not applied: "
                + (faults.Count == 1 ? first.TrimEnd('.') : string.Join(' ', faults).TrimEnd('.')),
                "Correct the file; 'gateway config check' finds the same faults.") with
            { IsOfHealth = true };
        }

        if (configuration.AtRestart is { Count: > 0 } keys)
        {
            yield return Plain(Weight.Notice, "restart", $"the files have other values for {string.Join(", ", keys.Take(KeysShown))}"
                + (keys.Count > KeysShown ? $" and {Figures.Counted(keys.Count - KeysShown, "more key")}" : "")
                + ", which take effect when the gateway is started again", "Restart the gateway when it suits.");
        }
    }

    private static IEnumerable<Finding> OfLink(LinkSummary link, DateTimeOffset now)
    {
        var (status, peer) = (link.Status, link.Status.Peer);
        if (link.Pause is { } pause) yield return Paused(peer, pause, link.Messages, now);
        else if (!status.IsWell && Of(link) is { } weight)
        {
            var (state, cause, effect) = Describe(link);
            yield return new Finding(weight, "peer", peer, $"{state} ({cause}) since {Figures.Time(status.Since)}{effect}",
                $"{peer} has been {state} for {Figures.Age(status.Since, now)} ({cause}){effect}.", status.Advice)
            { IsOfHealth = true };
        }
        else if (IsLong(link.OldestAt, link.SentPerSecond, now))
        {
            yield return new Finding(Weight.Warning, "waiting", peer,
                $"the link is up, and yet the oldest message has waited since {Figures.Time(link.OldestAt)}",
                $"{peer} is up, and yet its oldest message has waited for {Figures.Age(link.OldestAt, now)}.",
                status.Advice.Length > 0 ? status.Advice : "Check whether a queue is paused, or the peer's disk is full.");
        }

        if (link.Warning.Length > 0)
            yield return new Finding(Weight.Warning, "warning", peer, link.Warning, $"{peer}: {link.Warning}.", "");
    }

    private static (string State, string Cause, string Effect) Describe(LinkSummary link)
    {
        var status = link.Status;
        var cause = status.Cause == LinkCause.None ? "no cause yet" : status.Cause.ToString();
        var likeliest = link.Likeliest is { } likely && likely != LinkCause.None ? $", most likely {likely}" : "";
        var fruitless = status.Flaps > 0 ? $", and {Figures.Counted(status.Flaps, "connection")} ended within five minutes"
            : status.Fruitless > 0 ? ", and nothing that is sent is acknowledged" : "";
        return (status.State.ToString().ToLowerInvariant(), cause + likeliest, $"{fruitless}; {Figures.Waiting(link.Messages)}");
    }

    private static IEnumerable<Finding> OfQueue(QueueSummary queue, GatewayState state)
    {
        var now = state.Now;
        if (queue.Pause is { } pause)
        {
            yield return Paused(queue.Id.Name, pause, queue.Messages, now) with { Queue = queue.Id };
        }
        else if (queue.Id.Kind == QueueKind.Inbound && IsLong(queue.OldestAt, queue.RemovedPerSecond, now))
        {
            var served = TcpFindings.OfWaiting(queue, state, out var isTold);
            if (!isTold) yield return served ?? new Finding(Weight.Warning, "waiting", queue.Id.Name,
                $"nobody takes its messages; the oldest has waited since {Figures.Time(queue.OldestAt)}",
                $"Nobody takes messages from {queue.Id.Name}: the oldest has waited for {Figures.Age(queue.OldestAt, now)}.",
                "Start its consumer, or read the consumer's log.")
            { Queue = queue.Id };
        }

        if (queue.IsFull)
        {
            var full = $"full, with {Figures.Messages(queue.Messages)} of {Figures.Bytes(queue.Bytes)}, and rejects another of their "
                + "mean size";
            yield return new Finding(Weight.Error, "queue-full", queue.Id.Name, $"it is {full}", $"{queue.Id.Name} is {full}.",
                "Let its messages be delivered or consumed, purge or redirect some, or raise Store:QueueMessagesMax and "
                + "Store:QueueBytesMax.")
            { Queue = queue.Id };
        }
    }

    private static bool IsLong(DateTimeOffset? oldest, double perSecond, DateTimeOffset now) =>
        oldest is { } at && now - at > _waitLong && perSecond < StandsStill;

    private static Finding Obstacle(string code, string text, string advice) =>
        Plain(Weight.Error, code, text, advice) with { IsOfHealth = true };

    private static Finding Plain(Weight weight, string code, string text, string advice) =>
        new(weight, code, "", text, Figures.Sentence(text), advice);

    private static Finding Paused(string about, Pause pause, long messages, DateTimeOffset now)
    {
        var why = pause.Why.Length == 0 ? "" : $" (“{pause.Why}”)";
        return new Finding(Weight.Notice, "paused", about,
            $"paused by {pause.Who} since {Figures.Time(pause.At)}{why}; {Figures.Waiting(messages)}",
            $"{about} was paused by {pause.Who} {Figures.Ago(pause.At, now)}{why}; {Figures.Waiting(messages)}.",
            "Resume it when its reason is gone.");
    }
}
