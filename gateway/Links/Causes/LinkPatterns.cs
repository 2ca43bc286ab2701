using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>A pattern in the changes of a link.</summary>
/// <param name="Cause">The cause that it suggests.</param>
/// <param name="Count">The number of changes it rests on.</param>
/// <param name="Text">A sentence for people.</param>
internal sealed record LinkPattern(LinkCause Cause, int Count, string Text);

/// <summary>Finds patterns in the history of a link. Pure.</summary>
internal static class LinkPatterns
{
    private const int AlikeMin = 3;
    private const double ShareMin = 0.5;

    /// <summary>Ages that differ by at most this share, or these seconds, count as equal.</summary>
    private const double AgeTolerance = 0.1;
    private const double AgeToleranceSeconds = 1;

    /// <summary>A connection with a shorter quiet time was not cut for being idle.</summary>
    private const double QuietSecondsMin = 0.5;

    private const double QuietToleranceSeconds = 0.2;

    /// <summary>Below this, heartbeats make all quiet times short, and some of them equal by chance.</summary>
    private const double ShortQuietSeconds = 10;
    private const int ShortAlikeMin = 6;
    private const double ShortShareMin = 2.0 / 3;

    /// <summary>Below this age connections do not end because of their age.</summary>
    private const double AgeSecondsMin = 60;

    /// <summary>A size that fits into one packet on nearly every line.</summary>
    private const int SmallPacketBytes = 1400;
    private const int LargePacketsMin = 2;

    /// <summary>The number of sudden ends by which the likeliest cause is judged.</summary>
    private const int RecentMax = 10;

    private const double HourShareMin = 0.5;
    private const int HourCountMin = 5;

    public static IReadOnlyList<LinkPattern> Find(IReadOnlyCollection<LinkChange> changes)
    {
        var (deaths, restarts) = Deaths(changes);
        return new[] { LargePackets(changes), IdleCut(deaths, restarts.Count), AgeCut(deaths), Restarts(changes), Hours(deaths) }
            .OfType<LinkPattern>().ToList();
    }

    /// <summary>Of the last sudden ends at least as many were restarts of the peer, as its incarnations prove, as were not.</summary>
    public static bool AreMostlyRestarts(IReadOnlyCollection<LinkChange> changes)
    {
        var (deaths, restarts) = Deaths(changes);
        var recent = deaths.Concat(restarts).OrderByDescending(death => death.At).Take(RecentMax).ToList();
        return restarts.Count > 0 && recent.Count(restarts.Contains) * 2 >= recent.Count;
    }

    /// <summary>The sudden ends without a proven cause, and those after which the peer came back as another run.</summary>
    private static (List<LinkChange> Deaths, List<LinkChange> Restarts) Deaths(IReadOnlyCollection<LinkChange> changes)
    {
        List<LinkChange> deaths = [], restarts = [];
        LinkChange? last = null;
        foreach (var change in changes)
        {
            if (IsSuddenDeath(change)) deaths.Add(last = change);
            if (change.State != LinkState.Up || last is null) continue;
            if (change is { Cause: LinkCause.PeerRestarted or LinkCause.PeerTwice })
            {
                deaths.Remove(last);
                restarts.Add(last);
            }

            last = null;
        }

        return (deaths, restarts);
    }

    private static bool IsSuddenDeath(LinkChange change) =>
        change is
        {
            State: LinkState.Down, UpSeconds: not null, Cause: LinkCause.ResetByPeer
            or LinkCause.ClosedByPeer or LinkCause.HalfOpen
        };

    /// <summary>Hello, welcome and the peer's heartbeats have passed on each of these connections: they are small.</summary>
    private static LinkPattern? LargePackets(IReadOnlyCollection<LinkChange> changes)
    {
        var ends = changes.Where(change => change is { State: LinkState.Down, UpSeconds: not null }).Reverse()
            .TakeWhile(end => IsSuddenDeath(end) && end is { UnansweredBytes: > SmallPacketBytes, AnsweredBytesMax: <= SmallPacketBytes })
                .Count();
        return ends < LargePacketsMin ? null : new LinkPattern(
            LinkCause.LargePacketsLost, ends, $"the last {Figures.Counted(ends, "connection")} carried small frames both ways, and each "
                + $"ended without an acknowledgement of the more than {Figures.Count(SmallPacketBytes)} bytes that were sent on it: "
                + $"packets of full size do not seem to pass between the hosts");
    }

    /// <summary>An end that is only silence came after just as long a silence as the gateway itself allows.</summary>
    private static LinkPattern? IdleCut(IReadOnlyList<LinkChange> deaths, int restarts)
    {
        var alike = LargestCluster(
            deaths.Where(death => death.Cause != LinkCause.HalfOpen).Select(death => death.QuietSeconds ?? 0)
                .Where(quiet => quiet >= QuietSecondsMin), QuietToleranceSeconds);
        var (countMin, shareMin) = alike.Median < ShortQuietSeconds ? (ShortAlikeMin, ShortShareMin) : (AlikeMin, ShareMin);
        if (alike.Count < countMin || alike.Count < deaths.Count * shareMin) return null;
        var others = deaths.Count > alike.Count ? $"; {deaths.Count - alike.Count} came at other times" : "";
        var proven = restarts > 0 ? $"; restarts of the peer, {restarts} more, are not counted" : "";
        return new LinkPattern(
            LinkCause.IdleCut, alike.Count, $"{alike.Count} of {deaths.Count} sudden ends came after {Figures.Span(alike.Median)} without "
                + $"a frame: something between the hosts cuts connections that are quiet for that long{others}{proven}");
    }

    private static LinkPattern? AgeCut(IReadOnlyList<LinkChange> deaths)
    {
        var alike = LargestCluster(
            deaths.Select(death => death.UpSeconds ?? 0).Where(age => age >= AgeSecondsMin), AgeToleranceSeconds);
        return alike.Count < AlikeMin || alike.Count * 2 < deaths.Count ? null : new LinkPattern(
            LinkCause.ResetByPeer, alike.Count, $"{alike.Count} of {Figures.Counted(deaths.Count, "connection")} ended suddenly at the "
                + $"age of {Figures.Span(alike.Median)}: something between the hosts limits how long a connection lasts");
    }

    private static LinkPattern? Restarts(IReadOnlyCollection<LinkChange> changes)
    {
        var starts = changes.Where(change => change is { State: LinkState.Up, PeerStarted: not null })
            .Select(change => change.PeerStarted!.Value).Distinct().Order().ToList();
        if (starts.Count < 2) return null;

        var uptimes = starts.Skip(1).Zip(starts, (later, earlier) => (later - earlier).TotalSeconds).Order().ToList();
        var times = string.Join(", ", starts.TakeLast(5).Select(start => Figures.Time(start)));
        return new LinkPattern(
            LinkCause.PeerRestarted, starts.Count - 1,
                $"the peer was restarted {Figures.Times(starts.Count - 1)}, after "
                + $"{Figures.Span(uptimes[uptimes.Count / 2])} in the median; its last starts: {times}");
    }

    private static LinkPattern? Hours(IReadOnlyList<LinkChange> deaths)
    {
        var busiest = deaths.GroupBy(death => death.At.UtcDateTime.Hour).MaxBy(hour => hour.Count());
        if (busiest is null || busiest.Count() < HourCountMin || busiest.Count() < deaths.Count * HourShareMin) return null;
        var days = busiest.Select(death => death.At.UtcDateTime.Date).Distinct().Count();
        return days < AlikeMin ? null : new LinkPattern(
            LinkCause.ResetByPeer, busiest.Count(), $"{busiest.Count()} of {deaths.Count} sudden ends came between {busiest.Key:00}:00 "
                + $"and {busiest.Key + 1:00}:00 UTC, on {Figures.Counted(days, "day")}: look for what happens there at that time");
    }

    private static (int Count, double Median) LargestCluster(IEnumerable<double> ages, double toleranceSeconds)
    {
        var sorted = ages.Order().ToList();
        var (best, first) = (0, 0);
        for (var i = 0; i < sorted.Count; i++)
        {
            var limit = sorted[i] + Math.Max(toleranceSeconds, sorted[i] * AgeTolerance);
            var count = sorted.Skip(i).TakeWhile(age => age <= limit).Count();
            if (count > best) (best, first) = (count, i);
        }

        return best == 0 ? (0, 0) : (best, sorted[first + (best / 2)]);
    }
}
