using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>
/// Relates a setting of the host to the errors that the links have really had: a setting that looks odd and has never hurt is not the place
/// to search. Pure.
/// </summary>
/// <param name="Links">Null if no gateway has told its history.</param>
internal sealed record SeenErrors(IReadOnlyList<LinkPast>? Links)
{
    /// <summary>The finding with a sentence on whether it matters for the errors seen.</summary>
    /// <param name="causes">The causes that it could explain.</param>
    public DoctorFinding Relate(DoctorFinding finding, params LinkCause[] causes)
    {
        var names = string.Join(" or ", causes);
        if (Links is null) return finding with
        { Relevance = $"Whether a link ever failed with {names} is unknown: no history could be read." };
        var seen = Links.SelectMany(link => link.Errors.Select(error => (link.Peer, Error: error)))
            .Where(one => causes.Contains(one.Error.Cause)).ToList();
        if (seen.Count == 0) return finding with { Relevance = $"It explains no error seen here: no link has failed with {names}." };
        var (peer, last) = seen.MaxBy(one => one.Error.At);
        return finding with
        {
            Matters = true,
            Relevance = $"It matters if it is wrong: links have failed with {names} {Figures.Times(seen.Sum(one => one.Error.Times))}, "
                + $"the last time to {peer} at {Figures.Time(last.At)} ({last.Cause}).",
        };
    }
}
