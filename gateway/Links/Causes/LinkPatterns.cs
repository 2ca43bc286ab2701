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

    /// <param name="other">The other end, in the sentences.</param>
    public static IReadOnlyList<LinkPattern> Find(IReadOnlyCollection<LinkChange> changes, string other = "peer")
    {
        var ends = SuddenEnds.Of(changes);
        return new[]
        {
            LargePackets(changes), IdleCut(ends, other), AgeCut(ends.Unexplained), Restarts(changes, other), Hours(ends.Unexplained),
        }.OfType<LinkPattern>().ToList();
    }

    /// <summary>Of the last sudden ends at least as many were restarts of the peer, as its incarnations prove, as were not.</summary>
    public static bool AreMostlyRestarts(IReadOnlyCollection<LinkChange> changes)
    {
        var ends = SuddenEnds.Of(changes);
        var (recent, restarts) = (0.0, 0.0);
        foreach (var (end, isRestart) in ends.Unexplained.Select(end => (end, false)).Concat(ends.Restarts.Select(end => (end, true)))
            .OrderByDescending(one => one.end.At))
        {
            var weight = Math.Min(end.Weight, RecentMax - recent);
            recent += weight;
            if (isRestart) restarts += weight;
        }

        return restarts > 0 && restarts * 2 >= recent;
    }

    /// <summary>Nothing larger than a small packet was acknowledged on the connection, and something larger was not.</summary>
    public static bool SuggestsLargePackets(LinkChange change) =>
        SuddenEnds.IsSuddenEnd(change) && change is { UnansweredBytes: > SmallPacketBytes, AnsweredBytesMax: <= SmallPacketBytes };

    /// <summary>Hello, welcome and the peer's heartbeats have passed on each of these connections: they are small.</summary>
    private static LinkPattern? LargePackets(IReadOnlyCollection<LinkChange> changes)
    {
        var ends = changes.Where(change => change is { State: LinkState.Down, UpSeconds: not null }).ToLookup(SuggestsLargePackets);
        var other = ends[false].Select(end => end.At).DefaultIfEmpty(DateTimeOffset.MinValue).Max();
        var count = Round(ends[true].SelectMany(SuddenEnds.Of).Where(end => end.At > other).Sum(end => end.Weight));
        return count < LargePacketsMin ? null : new LinkPattern(
            LinkCause.LargePacketsLost, count, $"the last {Figures.Counted(count, "connection")} carried small frames both ways, and each "
                + $"ended without an acknowledgement of the more than {Figures.Count(SmallPacketBytes)} bytes that were sent on it: "
                + $"packets of full size do not seem to pass between the hosts");
    }

    /// <summary>An end that is only silence came after just as long a silence as the gateway itself allows.</summary>
    private static LinkPattern? IdleCut(SuddenEnds ends, string other)
    {
        var deaths = ends.Unexplained;
        var alike = LargestCluster(
            deaths.Where(death => death.Cause != LinkCause.HalfOpen && death.QuietSeconds >= QuietSecondsMin),
            death => death.QuietSeconds, QuietToleranceSeconds);
        var (countMin, shareMin) = alike.Median < ShortQuietSeconds ? (ShortAlikeMin, ShortShareMin) : (AlikeMin, ShareMin);
        var (of, all) = Shares(alike.Count, deaths, "sudden end");
        if (alike.Count < countMin || alike.Count < all * shareMin) return null;
        var others = all > alike.Count ? $"; {Figures.Count(all - alike.Count)} came at other times" : "";
        var restarts = Round(ends.Restarts.Sum(end => end.Weight));
        var proven = restarts > 0 ? $"; restarts of the {other}, {Figures.Count(restarts)} more, are not counted" : "";
        return new LinkPattern(
            LinkCause.IdleCut, alike.Count, $"{of} came after {Figures.Span(alike.Median)} without "
                + $"a frame: something between the hosts cuts connections that are quiet for that long{others}{proven}");
    }

    private static LinkPattern? AgeCut(IReadOnlyList<SuddenEnd> deaths)
    {
        var alike = LargestCluster(
            deaths.Where(death => death.UpSeconds >= AgeSecondsMin), death => death.UpSeconds, AgeToleranceSeconds);
        var (of, all) = Shares(alike.Count, deaths, "connection");
        return alike.Count < AlikeMin || alike.Count * 2 < all ? null : new LinkPattern(
            LinkCause.ResetByPeer, alike.Count, $"{of} ended suddenly at the "
                + $"age of {Figures.Span(alike.Median)}: something between the hosts limits how long a connection lasts");
    }

    /// <summary>A change that stands for several came up with as many runs, of which only the last is known.</summary>
    private static LinkPattern? Restarts(IReadOnlyCollection<LinkChange> changes, string other)
    {
        var starts = changes.Where(change => change is { State: LinkState.Up, PeerStarted: not null })
            .GroupBy(change => change.PeerStarted!.Value, (at, ups) => (At: at, Runs: ups.Max(
                up => up.Cause == LinkCause.PeerRestarted ? up.Again ?? 1 : 1)))
            .OrderBy(start => start.At).ToList();
        var count = starts.Sum(start => start.Runs) - 1;
        if (count < 1) return null;

        var uptimes = starts.Skip(1)
            .Zip(starts, (later, earlier) => (Seconds: (later.At - earlier.At).TotalSeconds / later.Runs, Runs: (double)later.Runs))
            .OrderBy(uptime => uptime.Seconds).ToList();
        var known = starts.Skip(Math.Max(0, starts.FindLastIndex(start => start.Runs > 1))).TakeLast(5).ToList();
        var times = string.Join(", ", known.Select(start => Figures.Time(start.At)));
        var after = uptimes.Count == 0 ? ""
            : $", after {Figures.Span(Median(uptimes))}{(count == 1 ? "" : " in the median")}";
        return new LinkPattern(
            LinkCause.PeerRestarted, count, $"the {other} was restarted {Figures.Times(count)}{after}; its last "
                + $"{(known.Count == 1 ? "start" : "starts")}: {times}");
    }

    private static LinkPattern? Hours(IReadOnlyList<SuddenEnd> deaths)
    {
        var busiest = deaths.GroupBy(death => death.At.UtcDateTime.Hour).MaxBy(hour => hour.Sum(death => death.Weight));
        if (busiest is null) return null;
        var count = Round(busiest.Sum(death => death.Weight));
        var (of, all) = Shares(count, deaths, "sudden end");
        if (count < HourCountMin || count < all * HourShareMin) return null;
        var days = busiest.Select(death => death.At.UtcDateTime.Date).Distinct().Count();
        return days < AlikeMin ? null : new LinkPattern(
            LinkCause.ResetByPeer, count, $"{of} came between {busiest.Key:00}:00 "
                + $"and {busiest.Key + 1:00}:00 UTC, on {Figures.Counted(days, "day")}: look for what happens there at that time");
    }

    /// <summary>The number of all, and how to say that some of them are the given number; a share that is estimated is called so.</summary>
    private static (string Text, int All) Shares(int count, IReadOnlyList<SuddenEnd> deaths, string noun)
    {
        var all = Round(deaths.Sum(death => death.Weight));
        var about = count < all && deaths.Any(death => death.Weight > 1) ? "about " : "";
        return ($"{about}{Figures.Count(count)} of {Figures.Counted(all, noun)}", all);
    }

    private static (int Count, double Median) LargestCluster(
        IEnumerable<SuddenEnd> ends, Func<SuddenEnd, double> ageOf, double toleranceSeconds)
    {
        var sorted = ends.Select(end => (Age: ageOf(end), end.Weight)).OrderBy(end => end.Age).ToList();
        var (best, cluster) = (0.0, new List<(double Age, double Weight)>());
        for (var i = 0; i < sorted.Count; i++)
        {
            var limit = sorted[i].Age + Math.Max(toleranceSeconds, sorted[i].Age * AgeTolerance);
            var alike = sorted.Skip(i).TakeWhile(end => end.Age <= limit).ToList();
            var weight = alike.Sum(end => end.Weight);
            if (weight > best) (best, cluster) = (weight, alike);
        }

        return best == 0 ? (0, 0) : (Round(best), Median(cluster));
    }

    /// <param name="sorted">Values in order, each with its weight.</param>
    private static double Median(IReadOnlyList<(double Value, double Weight)> sorted)
    {
        var (half, before) = (sorted.Sum(one => one.Weight) / 2, 0.0);
        return sorted.First(one => (before += one.Weight) > half).Value;
    }

    private static int Round(double count) => (int)Math.Round(count);
}
