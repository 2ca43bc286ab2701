using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Dashboard.Live;

/// <summary>A period of a link's history without changes.</summary>
/// <param name="Start">Share of the picture's width, 0 to 1.</param>
/// <param name="Width">Likewise.</param>
/// <param name="State">Null for the time before the history begins.</param>
internal sealed record TimelinePiece(double Start, double Width, LinkState? State, LinkCause Cause, DateTimeOffset From, DateTimeOffset To)
{
    public string Title => State is { } state
        ? $"{new LinkChange(From, state, Cause, Evidence: "").Standing}: {Figures.Time(From)}, for {Figures.Span(To - From)}"
        : "Nothing is known of this time";
}

/// <summary>A link's history as a picture. Pure.</summary>
internal static class Timeline
{
    /// <param name="history">Oldest first.</param>
    public static IReadOnlyList<TimelinePiece> Of(IReadOnlyList<LinkChange> history, DateTimeOffset from, DateTimeOffset to)
    {
        var pieces = new List<TimelinePiece>();
        var (start, state, cause) = (from, (LinkState?)null, LinkCause.None);
        foreach (var change in history)
        {
            // Recorded while the clock was ahead: this change cannot be placed, but later ones can.
            if (change.At > to || change.IsOneOfMany) continue;
            if (change.At > start) Add(change.At);
            (state, cause) = (change.State, change.Cause);
            if (change.At > start) start = change.At;
        }

        if (to > start) Add(to);
        return pieces;

        void Add(DateTimeOffset end) =>
            pieces.Add(new TimelinePiece((start - from) / (to - from), (end - start) / (to - from), state, cause, start, end));
    }

    /// <summary>Describes the picture in a sentence, for users who cannot see it.</summary>
    public static string Describe(IReadOnlyList<TimelinePiece> pieces)
    {
        var known = pieces.Where(piece => piece.State is not null).Sum(piece => piece.Width);
        if (known <= 0) return "Nothing is known of this time.";
        var up = pieces.Where(piece => piece.State == LinkState.Up).Sum(piece => piece.Width);
        var downs = pieces.Where((piece, i) => piece.State == LinkState.Down && (i == 0 || pieces[i - 1].State != LinkState.Down)).ToList();
        var causes = pieces.Where(piece => piece.State == LinkState.Down).Select(piece => piece.Cause)
            .Where(cause => cause != LinkCause.None).Distinct().ToList();
        return $"Up {Figures.Number(Math.Floor(1000 * up / known) / 10)} % of the time; "
            + $"{(downs.Count == 0 ? "never down" : $"down {Figures.Times(downs.Count)}")}"
            + $"{(causes.Count == 0 ? "" : $" ({string.Join(", ", causes)})")}.";
    }
}
