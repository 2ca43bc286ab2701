using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;

namespace Gateway.Http.Views;

/// <summary>One inlet: whether it listens, and what has come in. Counters are since the start of the gateway, or of the inlet.</summary>
internal sealed record InletView
{
    public required string Name { get; init; }

    public required LinkState State { get; init; }

    /// <summary>
    /// Why it does not listen, or why it holds programs back, as listed in gateway/docs/troubleshooting.md; null if it is well.
    /// </summary>
    public LinkCause? Cause { get; init; }

    public required DateTimeOffset Since { get; init; }

    public required string Evidence { get; init; }

    public required string Advice { get; init; }

    /// <summary>Where it listens, with the port that the system chose.</summary>
    public required string Address { get; init; }

    public required string Destination { get; init; }

    public required string Framing { get; init; }

    public required string Answer { get; init; }

    /// <summary>Open conversations.</summary>
    public required int Open { get; init; }

    /// <summary>Conversations, open or over.</summary>
    public required long Accepted { get; init; }

    /// <summary>Connections closed on arrival, for lack of a place.</summary>
    public required long Refused { get; init; }

    public required long Frames { get; init; }

    public required long Bytes { get; init; }

    /// <summary>Frames of the far program that were written to programs.</summary>
    public required long Replies { get; init; }

    public required long ReplyBytes { get; init; }

    /// <summary>Replies that wait.</summary>
    public required long RepliesWaiting { get; init; }

    /// <summary>Conversations that ended within a frame; the piece is a dead letter.</summary>
    public required long Incomplete { get; init; }

    /// <summary>Conversations ended because their bytes were no frame.</summary>
    public required long NotFrames { get; init; }

    /// <summary>Replies that found no conversation.</summary>
    public required long Unclaimed { get; init; }

    public PauseView? Pause { get; init; }

    public static InletView Of(InletSummary inlet)
    {
        var status = inlet.Status;
        return new InletView
        {
            Name = inlet.Name,
            State = status.State,
            Cause = LinkView.CodeOf(status.Cause),
            Since = status.Since.ToUniversalTime(),
            Evidence = status.Evidence,
            Advice = status.Advice,
            Address = status.Address.Length > 0 ? status.Address : status.Settings.Address,
            Destination = status.Settings.Destination,
            Framing = TcpWords.Of(status.Settings.Format),
            Answer = TcpWords.Answer(status.Settings),
            Open = status.Open,
            Accepted = status.Accepted,
            Refused = status.Refused,
            Frames = status.Frames,
            Bytes = status.Bytes,
            Replies = status.Replies,
            ReplyBytes = status.ReplyBytes,
            RepliesWaiting = inlet.Replies?.Messages ?? 0,
            Incomplete = status.Incomplete,
            NotFrames = status.NotFrames,
            Unclaimed = status.Unclaimed,
            Pause = PauseView.Of(inlet.Pause),
        };
    }
}
