using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Cli.Drill;

/// <summary>The outcome of one fault, from the history of the link. Times count from the fault.</summary>
/// <param name="End">When, and how, the gateway noticed that the connection had ended; null when it did not end.</param>
/// <param name="Back">When the link was up again; null while it is not.</param>
internal sealed record DrillOutcome(DrillKind Kind, DrillOutcome.Ending? End, TimeSpan? Back)
{
    /// <summary>When the peer had acknowledged everything accepted before.</summary>
    public TimeSpan? Drained { get; init; }

    /// <summary>No further change is expected: only a stall may pass without the end of the connection.</summary>
    public bool IsOver => End is null ? Kind == DrillKind.Stall : Back is not null;

    /// <param name="begun">A time just before the fault, at which the link was up.</param>
    public static DrillOutcome Of(DrillKind kind, DateTimeOffset begun, IReadOnlyList<LinkChangeView> history)
    {
        var after = history.SkipWhile(change => change.At < begun).ToList();
        // Only the end of an established connection reports how long it was up.
        var end = after.FindIndex(change => change is { State: LinkState.Down, UpSeconds: not null });
        if (end < 0) return new DrillOutcome(kind, null, null);

        var up = after.Skip(end).FirstOrDefault(change => change.State == LinkState.Up);
        return new DrillOutcome(kind, new Ending(after[end].Cause, after[end].Evidence, after[end].At - begun), up?.At - begun);
    }

    internal sealed record Ending(LinkCause? Cause, string Evidence, TimeSpan Noticed);
}
