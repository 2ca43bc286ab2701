using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>A sudden end of a connection, or as many ends as one sample of a summary stands for.</summary>
/// <param name="Weight">The number of ends.</param>
internal sealed record SuddenEnd(DateTimeOffset At, LinkCause Cause, double UpSeconds, double QuietSeconds, double Weight);

/// <summary>
/// The sudden ends of a link's connections, out of its history, in which one change may stand for many of them. Pure.
/// </summary>
internal sealed class SuddenEnds
{
    private readonly List<SuddenEnd> _unexplained = [];
    private readonly List<SuddenEnd> _restarts = [];

    private SuddenEnds()
    {
    }

    /// <summary>Those without a proven cause.</summary>
    public IReadOnlyList<SuddenEnd> Unexplained => _unexplained;

    /// <summary>Those after which the peer came back as another run.</summary>
    public IReadOnlyList<SuddenEnd> Restarts => _restarts;

    public static SuddenEnds Of(IReadOnlyCollection<LinkChange> changes)
    {
        var ends = new SuddenEnds();
        SuddenEnd? last = null;
        foreach (var change in changes)
        {
            if (IsSuddenEnd(change)) last = ends.Add(change);
            if (change.State != LinkState.Up || last is null) continue;
            if (ProvesRestart(change) && ends._unexplained.Remove(last)) ends._restarts.Add(last);
            last = null;
        }

        return ends;
    }

    public static bool IsSuddenEnd(LinkChange change) =>
        (change is { State: LinkState.Down, UpSeconds: not null } || change.IsOneOfMany)
        && change.Cause is LinkCause.ResetByPeer or LinkCause.ClosedByPeer or LinkCause.HalfOpen;

    /// <summary>The link came up with another run of the peer.</summary>
    public static bool ProvesRestart(LinkChange change) =>
        change is { State: LinkState.Up, Cause: LinkCause.PeerRestarted or LinkCause.PeerTookOver or LinkCause.PeerTwice };

    /// <summary>The ends for which a change of the history stands.</summary>
    public static IEnumerable<SuddenEnd> Of(LinkChange change) => change is { Ends: null, Restarts: null }
        ? [new SuddenEnd(change.At, change.Cause, change.UpSeconds ?? 0, change.QuietSeconds ?? 0, 1)]
        : Of(change.Cause, change.Ends).Concat(Of(change.Cause, change.Restarts));

    private static IEnumerable<SuddenEnd> Of(LinkCause cause, RepeatedEnds? ends) => ends is null ? [] : ends.Samples.Select(
        end => new SuddenEnd(end.At, cause, end.UpSeconds, end.QuietSeconds, (double)ends.Count / ends.Samples.Count));

    /// <returns>The end whose outcome the next change tells; null for a summary, which knows those of its ends.</returns>
    private SuddenEnd? Add(LinkChange change)
    {
        if (change is { Ends: null, Restarts: null })
        {
            var end = Of(change).Single();
            _unexplained.Add(end);
            return end;
        }

        _unexplained.AddRange(Of(change.Cause, change.Ends));
        _restarts.AddRange(Of(change.Cause, change.Restarts));
        return null;
    }
}
