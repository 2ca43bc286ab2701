using System.Globalization;
using Gateway.Links;
using Gateway.Management;
using Gateway.Store;

namespace Gateway.Dashboard.Live;

/// <summary>Formats numbers, times and names for people, in one form everywhere.</summary>
internal static class Show
{
    private static readonly CultureInfo _culture = CultureInfo.InvariantCulture;

    /// <summary>Separates thousands with thin spaces, which no language reads as a decimal point.</summary>
    public static string Count(long count) => count.ToString("#,0", _culture).Replace(',', '\u202F');

    public static string Messages(long count) => count == 1 ? "1 message" : $"{Count(count)} messages";

    public static string Bytes(long bytes) => bytes switch
    {
        < 0 => "unknown",
        < 1000 => $"{bytes} B",
        < 1_000_000 => string.Create(_culture, $"{bytes / 1e3:0.#} kB"),
        < 1_000_000_000 => string.Create(_culture, $"{bytes / 1e6:0.#} MB"),
        < 1_000_000_000_000 => string.Create(_culture, $"{bytes / 1e9:0.#} GB"),
        _ => string.Create(_culture, $"{bytes / 1e12:0.#} TB"),
    };

    public static string Rate(double perSecond) => perSecond switch
    {
        < 0.05 => "0/s",
        < 10 => string.Create(_culture, $"{perSecond:0.#}/s"),
        _ => $"{Count((long)perSecond)}/s",
    };

    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "under 1 s",
        { TotalMinutes: < 2 } => $"{(int)span.TotalSeconds} s",
        { TotalHours: < 2 } => $"{(int)span.TotalMinutes} min",
        { TotalDays: < 2 } => span.Minutes == 0 ? $"{(int)span.TotalHours} h" : $"{(int)span.TotalHours} h {span.Minutes} min",
        _ => span.Hours == 0 ? $"{(int)span.TotalDays} d" : $"{(int)span.TotalDays} d {span.Hours} h",
    };

    public static string Age(DateTimeOffset? at, DateTimeOffset now) => at is { } then ? Span(now - then) : "–";

    public static string Ago(DateTimeOffset at, DateTimeOffset now) =>
        now - at < TimeSpan.FromSeconds(1) ? "just now" : $"{Span(now - at)} ago";

    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", _culture);

    public static string Time(long unixMs) => InRange(unixMs) ? Time(DateTimeOffset.FromUnixTimeMilliseconds(unixMs)) : "out of range";

    /// <summary>A time from another host's clock or from an application may be any number.</summary>
    public static string Age(long unixMs, DateTimeOffset now) =>
        InRange(unixMs) ? Span(now - DateTimeOffset.FromUnixTimeMilliseconds(unixMs)) : "out of range";

    public static string Number(double value) => value.ToString("0.##", _culture);

    public static string Kind(QueueKind kind) => kind == QueueKind.Outgoing ? "out" : "in";

    /// <summary>Leaves the one character of queue names unescaped that is often escaped.</summary>
    public static string QueueUrl(QueueId queue) =>
        $"/queue/{Kind(queue.Kind)}/{Uri.EscapeDataString(queue.Name).Replace("%40", "@", StringComparison.Ordinal)}";

    public static string MessageUrl(QueueId? queue, long number) =>
        queue is { } id ? $"{QueueUrl(id)}/{number}" : $"/dead-letters/{number}";

    public static string LinkUrl(string peer) => $"/link/{Uri.EscapeDataString(peer)}";

    /// <summary>The style-sheet class of a state.</summary>
    public static string Tone(LinkSummary link) => link switch
    {
        { Pause: not null } or { Status.State: LinkState.Paused } => "paused",
        { Status.IsWell: true, Warning: "" } => "good",
        { Status.State: LinkState.Up } => "warn",
        { Status.State: LinkState.Connecting } => "warn",
        { Messages: 0 } => "warn",
        _ => "bad",
    };

    public static string State(LinkSummary link) => link.Pause is null ? link.Status.State.ToString() : "Paused";

    public static string Reason(DeadLetterReason reason) => reason switch
    {
        DeadLetterReason.Expired => "Expired",
        DeadLetterReason.Rejected => "Rejected by a consumer",
        DeadLetterReason.TooManyDeliveries => "Delivered too often",
        DeadLetterReason.RefusedByPeer => "Refused by the peer",
        _ => reason.ToString(),
    };

    public static string ReasonAdvice(DeadLetterReason reason) => reason switch
    {
        DeadLetterReason.Expired => "Its time limit passed before it was delivered. Returning it takes the limit off.",
        DeadLetterReason.Rejected => "A consumer could not use it. Mend the consumer or the message, then return it.",
        DeadLetterReason.TooManyDeliveries =>
            "Consumers took it again and again and never completed it. Look into their log before you return it.",
        DeadLetterReason.RefusedByPeer => "The peer will never take it as it is. Redirect it, or mend the peer, then return it.",
        _ => "",
    };

    public static string Act(OperationKind kind) => kind switch
    {
        OperationKind.Purge => "Purge",
        OperationKind.DeadLetter => "Dead-letter",
        OperationKind.Redirect => "Redirect",
        OperationKind.Return => "Return",
        _ => kind.ToString(),
    };

    /// <summary>The action of an operation in a sentence.</summary>
    public static string Sentence(OperationStatus operation)
    {
        var verb = operation.Request.Kind switch
        {
            OperationKind.Purge => "purged",
            OperationKind.DeadLetter => "dead-lettered",
            OperationKind.Redirect => $"redirected to {operation.Request.Destination}",
            _ => operation.Request.Destination.Length == 0 ? "returned" : $"returned to {operation.Request.Destination}",
        };
        var left = operation.Left == 0 ? "" : $"; {Count(operation.Left)} left alone";
        var end = operation.State switch
        {
            OperationState.Cancelled => " before it was cancelled",
            OperationState.Failed => $" before it failed: {operation.Text}",
            _ => "",
        };
        return $"{Messages(operation.Changed)} {verb}{left}{end}";
    }

    public static string About(OperationRequest request) => request.Queue?.Name ?? "dead letters";

    private static bool InRange(long unixMs) => unixMs is > -62_135_596_800_000 and < 253_402_300_800_000;
}
