using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Tcp;

namespace Gateway.Management;

/// <summary>One inlet, and the replies that wait for its programs.</summary>
/// <param name="Replies">The queue through which replies come back; null while there never was one.</param>
internal sealed record InletSummary(InletStatus Status, QueueSummary? Replies)
{
    public string Name => Status.Settings.Name;

    /// <summary>Null while no operator has paused it: it accepts nobody and reads nothing then.</summary>
    public Pause? Pause { get; init; }

    /// <param name="pause">Null if no operator has paused it.</param>
    public static InletSummary Of(InletStatus status, QueueSummary? replies, Pause? pause) => pause is null
        ? new InletSummary(status, replies)
        : new InletSummary(status with
        {
            State = LinkState.Paused,
            Cause = LinkCause.PausedByOperator,
            Since = pause.At,
            Evidence = pause.ToString(),
            Advice = $"Resume it when the reason for the pause is gone: 'gateway tcp resume {status.Settings.Name}'.",
        }, replies)
        { Pause = pause };
}

/// <summary>One outlet, and the messages that wait for its target.</summary>
/// <param name="Queue">The queue that it empties; null while there never was a message in it.</param>
internal sealed record OutletSummary(OutletStatus Status, QueueSummary? Queue)
{
    public string Name => Status.Settings.Name;

    /// <summary>Those that wait to be delivered.</summary>
    public long Messages => Math.Max(0, (Queue?.Messages ?? 0) - Status.OpenStreams);

    /// <summary>
    /// The queue of an outlet with open streams: what keeps their places does not wait, however long they stand.
    /// </summary>
    public static QueueSummary WithoutOpenStreams(QueueSummary queue, IReadOnlyList<OutletStatus> outlets) =>
        queue.Id.Kind == QueueKind.Inbound
        && outlets.FirstOrDefault(one => one.OpenStreams > 0 && one.Settings.Queue == queue.Id.Name) is { } outlet
            ? queue with { OldestAt = outlet.OldestOfStreams } : queue;

    /// <summary>The queue that it empties, whether there ever was a message in it or not.</summary>
    public QueueId Empties => QueueId.Inbound(Status.Settings.Queue);

    /// <summary>Null while no operator has paused it: nothing leaves its queue then.</summary>
    public Pause? Pause { get; init; }

    /// <param name="pause">Null if no operator has paused the queue.</param>
    public static OutletSummary Of(OutletStatus status, QueueSummary? queue, Pause? pause) => pause is null
        ? new OutletSummary(status, queue)
        : new OutletSummary(status with
        {
            State = LinkState.Paused,
            Cause = LinkCause.PausedByOperator,
            Since = pause.At,
            Evidence = pause.ToString(),
            Advice = $"Resume it when the reason for the pause is gone: 'gateway tcp resume {status.Settings.Name}'.",
        }, queue)
        { Pause = pause };
}
