using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tcp;

namespace Gateway.Dashboard.Live;

/// <summary>The words and addresses of the pages for links, queues, messages and operations.</summary>
internal static class Show
{
    public static string Kind(QueueKind kind) => kind == QueueKind.Outgoing ? "out" : "in";

    /// <summary>Leaves the one character of queue names unescaped that is often escaped.</summary>
    public static string QueueUrl(QueueId queue) =>
        $"/queue/{Kind(queue.Kind)}/{Uri.EscapeDataString(queue.Name).Replace("%40", "@", StringComparison.Ordinal)}";

    /// <summary>The queue that an address names, in the words of the pages or of the API; null if it names none.</summary>
    public static QueueId? QueueOf(string? kind, string? name)
    {
        if (!Names.TryParseDestination(name ?? "", out var queue, out var peer)) return null;
        return (kind, peer) switch
        {
            ("out" or "outgoing", not null) => QueueId.Outgoing(queue, peer),
            ("in" or "inbound", null) => QueueId.Inbound(queue),
            _ => null,
        };
    }

    /// <summary>The queue of this gateway in which messages for a destination wait; null for a bare name, which has a route.</summary>
    public static QueueId? QueueOfDestination(string destination, string ownName) =>
        !Names.TryParseDestination(destination, out var queue, out var peer) || peer is null ? null
        : peer == ownName ? QueueId.Inbound(queue) : QueueId.Outgoing(queue, peer);

    public static string MessageUrl(QueueId? queue, long number) =>
        queue is { } id ? $"{QueueUrl(id)}/{number}" : $"/dead-letters/{number}";

    public static string LinkUrl(string peer) => $"/link/{Uri.EscapeDataString(peer)}";

    public static string InletUrl(string inlet) => $"/tcp/inlet/{Uri.EscapeDataString(inlet)}";

    public static string OutletUrl(string outlet) => $"/tcp/outlet/{Uri.EscapeDataString(outlet)}";

    /// <summary>The messages of one conversation in a queue.</summary>
    public static string ConversationUrl(QueueId queue, string conversation) =>
        $"{QueueUrl(queue)}?header={Uri.EscapeDataString($"{TcpNames.Conversation}={conversation}")}";

    /// <summary>Where an inlet listens, with the port that the system chose.</summary>
    public static string Address(InletStatus inlet) => inlet.Address.Length > 0 ? inlet.Address : inlet.Settings.Address;

    /// <summary>The style-sheet class of an inlet.</summary>
    public static string Tone(InletSummary inlet) => TcpFindings.Of(inlet) is { } weight ? Tone(weight) : "good";

    /// <summary>The style-sheet class of an outlet.</summary>
    public static string Tone(OutletSummary outlet) => TcpFindings.Of(outlet) is { } weight ? Tone(weight) : "good";

    public static string State(InletSummary inlet) => inlet switch
    {
        { Pause: not null } => "Paused",
        { Status.IsWell: true } => "Listens",
        { Status.State: LinkState.Up } => "Holds back",
        _ => "Does not listen",
    };

    public static string State(OutletSummary outlet) => outlet switch
    {
        { Pause: not null } => "Paused",
        { Status: { State: LinkState.Up, IsWell: false } } => "Up, with a problem",
        _ => outlet.Status.State.ToString(),
    };

    /// <summary>The style-sheet class of a state.</summary>
    public static string Tone(LinkSummary link) => Findings.Of(link) is { } weight ? Tone(weight) : "good";

    /// <summary>The style-sheet class of a condition.</summary>
    public static string Tone(Weight weight) => weight switch { Weight.Error => "bad", Weight.Warning => "warn", _ => "paused" };

    /// <summary>The style-sheet class of a gateway of the fleet, or of a finding about it.</summary>
    public static string Tone(Condition condition) =>
        condition switch { Condition.Error => "bad", Condition.Warning => "warn", Condition.Notice => "paused", _ => "good" };

    /// <summary>The style-sheet class of a state in a history; null for a time of which nothing is known.</summary>
    public static string Tone(LinkState? state) => state switch
    {
        LinkState.Up => "good",
        LinkState.Down => "bad",
        LinkState.Connecting => "warn",
        LinkState.Paused => "paused",
        _ => "unknown",
    };

    public static string Word(Condition condition) => condition switch { Condition.Error => "Problem", _ => condition.ToString() };

    public static bool IsUp(FleetGateway gateway) => gateway.Link?.Status.State == LinkState.Up;

    /// <summary>The page with details of a condition.</summary>
    public static string Url(Finding finding) => finding switch
    {
        { Queue: { } queue } => QueueUrl(queue),
        { Code: TcpFindings.Inlet } => InletUrl(finding.About),
        { Code: TcpFindings.Outlet } => OutletUrl(finding.About),
        { About.Length: > 0 } => LinkUrl(finding.About),
        { Code: "dead-letters" } => "/dead-letters",
        _ => "/",
    };

    public static string State(LinkSummary link) => link switch
    {
        { Pause: not null } => "Paused",
        { Status: { State: LinkState.Up, IsWell: false } } => "Up, with a problem",
        _ => link.Status.State.ToString(),
    };

    /// <summary>The cause and the advice of the link are of now, not of a past interruption.</summary>
    public static bool HasTrouble(LinkSummary link) => link.Status.PresentCause != LinkCause.None;

    public static string Reason(DeadLetterReason reason) => reason switch
    {
        DeadLetterReason.Expired => "Expired",
        DeadLetterReason.Rejected => "Rejected by a consumer",
        DeadLetterReason.TooManyDeliveries => "Delivered too often",
        DeadLetterReason.RefusedByPeer => "Refused by the peer",
        DeadLetterReason.Incomplete => "Cut off within a frame",
        DeadLetterReason.Unclaimed => "Reply to nobody",
        _ => reason.ToString(),
    };

    public static string ReasonAdvice(DeadLetterReason reason) => reason switch
    {
        DeadLetterReason.Expired => "Its time limit passed before it was delivered. Returning it takes the limit off.",
        DeadLetterReason.Rejected => "A consumer could not use it. Fix the consumer or the message, then return it.",
        DeadLetterReason.TooManyDeliveries =>
            "Consumers took it again and again and never completed it. Read their log before you return it.",
        DeadLetterReason.RefusedByPeer => "The peer will never accept it as it is. Redirect it, or change the peer's limits and return it.",
        DeadLetterReason.Incomplete =>
            "A program's connection ended before the frame did. Return it only if its receiver can use a piece of a frame.",
        DeadLetterReason.Unclaimed =>
            "The program that it answers has left. With Unclaimed the inlet can give replies to the program's next connection.",
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
        var left = operation.Left == 0 ? "" : $"; {Figures.Count(operation.Left)} left alone";
        var end = operation.State switch
        {
            OperationState.Cancelled => " before it was cancelled",
            OperationState.Failed => $" before it failed: {operation.Text}",
            _ => "",
        };
        return $"{Figures.Messages(operation.Changed)} {verb}{left}{end}";
    }

    public static string About(OperationRequest request) => request.Queue?.Name ?? "dead letters";
}
