using Gateway.Links;
using Gateway.Management;
using Gateway.Store;

namespace Gateway.Dashboard.Live;

internal enum Weight
{
    /// <summary>Intended by an operator.</summary>
    Notice,

    /// <summary>May soon cause harm.</summary>
    Warning,

    /// <summary>Messages are delayed or lost.</summary>
    Error,
}

/// <summary>A condition that an operator must know about.</summary>
/// <param name="What">A sentence.</param>
/// <param name="Advice">The remedy; a sentence.</param>
/// <param name="Url">The page with details.</param>
internal sealed record Finding(Weight Weight, string What, string Advice, string Url);

/// <summary>The conditions in a gateway's state that need attention, the worst first. Pure.</summary>
internal static class Findings
{
    private const long FreeBytesLow = 2_000_000_000;
    private const long FreeBytesVeryLow = 500_000_000;

    /// <summary>Messages that wait this long without an obstacle need attention.</summary>
    private static readonly TimeSpan _waitLong = TimeSpan.FromMinutes(5);

    public static IReadOnlyList<Finding> Of(GatewayState state) =>
        [.. OfStore(state).Concat(state.Links.SelectMany(link => OfLink(link, state.Now)))
            .Concat(state.Queues.SelectMany(queue => OfQueue(queue, state))).OrderByDescending(finding => finding.Weight)];

    private static IEnumerable<Finding> OfStore(GatewayState state)
    {
        if (state.FreeBytes < FreeBytesLow)
        {
            yield return new Finding(
                state.FreeBytes < FreeBytesVeryLow ? Weight.Error : Weight.Warning,
                $"The disk of the store has {Show.Bytes(state.FreeBytes)} left.",
                "Make room: without any, no message is accepted.",
                "/");
        }

        if (state.Damaged > 0)
        {
            yield return new Finding(
                Weight.Error, $"{Show.Messages(state.Damaged)} could not be read from the disk.",
                    "Check the disk; 'gateway store check' lists them when the gateway is stopped.", "/");
        }

        if (state.DeadLetters > 0)
            yield return new Finding(Weight.Warning, state.DeadLetters == 1 ? "1 dead letter waits for a decision."
                : $"{Show.Count(state.DeadLetters)} dead letters wait for a decision.",
                "Return them when their reason is mended, or purge them.", "/dead-letters");
        if (state.Certificate is { Warning.Length: > 0 } certificate)
            yield return new Finding(Weight.Warning, "The certificate of this gateway needs attention.", certificate.Warning, "/");
    }

    private static IEnumerable<Finding> OfLink(LinkSummary link, DateTimeOffset now)
    {
        var (status, url) = (link.Status, Show.LinkUrl(link.Status.Peer));
        if (link.Pause is { } pause)
        {
            yield return new Finding(
                Weight.Notice, $"{status.Peer} was paused by {pause.Who} {Show.Ago(pause.At, now)}{Because(pause.Why)}; "
                    + $"{Waiting(link.Messages)}.", "Resume it when its reason is gone.", url);
        }
        else if (status.State == LinkState.Down)
        {
            yield return new Finding(
                link.Messages > 0 ? Weight.Error : Weight.Warning,
                $"{status.Peer} is down for {Show.Age(status.Since, now)} ({status.Cause}); {Waiting(link.Messages)}.",
                status.Advice, url);
        }
        else if (status.State == LinkState.Up && link.OldestAt is { } oldest && now - oldest > _waitLong && link.SentPerSecond < 0.05)
        {
            yield return new Finding(Weight.Warning, $"{status.Peer} is up, and yet its oldest message waits for {Show.Age(oldest, now)}.",
                status.Advice.Length > 0 ? status.Advice : "Look whether a queue is paused, or the peer's disk is full.", url);
        }

        if (link.Warning.Length > 0)
            yield return new Finding(Weight.Warning, $"{status.Peer}: {link.Warning}.", "", url);
    }

    private static IEnumerable<Finding> OfQueue(QueueSummary queue, GatewayState state)
    {
        var url = Show.QueueUrl(queue.Id);
        if (queue.Pause is { } pause)
        {
            yield return new Finding(
                Weight.Notice, $"{queue.Id.Name} was paused by {pause.Who} {Show.Ago(pause.At, state.Now)}{Because(pause.Why)}; "
                    + $"{Waiting(queue.Messages)}.", "Resume it when its reason is gone.", url);
        }
        else if (queue.Id.Kind == QueueKind.Inbound
            && queue.OldestAt is { } oldest && state.Now - oldest > _waitLong && queue.RemovedPerSecond < 0.05)
        {
            yield return new Finding(Weight.Warning, $"Nobody takes messages from {queue.Id.Name}: the oldest waits "
                + $"for {Show.Age(oldest, state.Now)}.", "Start its consumer, or look into the consumer's log.", url);
        }
    }

    private static string Waiting(long messages) =>
        messages switch { 0 => "nothing waits", 1 => "1 message waits", _ => $"{Show.Count(messages)} messages wait" };

    private static string Because(string why) => why.Length == 0 ? "" : $" (“{why}”)";
}
