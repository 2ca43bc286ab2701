using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Doctor;

/// <summary>Judges a link by its state and its past. Pure.</summary>
internal static class LinkChecks
{
    private const int CausesShown = 4;

    public static DoctorFinding Link(LinkPast link, DateTimeOffset now)
    {
        var state = link.State.ToString().ToLowerInvariant();
        var finding = new DoctorFinding(FindingIds.Link, Verdict.Ok, $"{state} for {Figures.Span(now - link.Since)}") { About = link.Peer };
        if (link is { State: LinkState.Up, Cause: null }) return finding;
        if (link.State == LinkState.Paused) return finding with
        { Verdict = Verdict.Warning, Meaning = "An operator paused it; nothing is sent.", Advice = link.Advice };
        return finding with
        {
            Verdict = link.State == LinkState.Up ? Verdict.Warning : Verdict.Fault,
            Measured = $"{finding.Measured} ({link.Cause?.ToString() ?? "no cause yet"}): {link.Evidence}",
            Meaning = (link.State == LinkState.Up ? "It is up, and messages wait all the same." : "Messages for this peer wait here.")
                // A single candidate is the cause itself.
                + (link.Candidates.Count < 2 ? ""
                    : $" Possible causes, likeliest first: {string.Join(", ", link.Candidates.Select(candidate => candidate.Cause))}."),
            Advice = link.Advice,
        };
    }

    public static DoctorFinding History(LinkPast link)
    {
        var causes = link.Errors.GroupBy(error => error.Cause).OrderByDescending(group => group.Sum(error => error.Times))
            .Select(group => $"{group.Key} {Figures.Times(group.Sum(error => error.Times))}").ToList();
        var finding = new DoctorFinding(FindingIds.History, Verdict.Ok, causes.Count == 0 ? "it was never down"
            : $"down by {string.Join(", ", causes.Take(CausesShown))}, since {Figures.Time(link.Errors[0].At)}")
        { About = link.Peer };
        if (link.Patterns.Count == 0) return finding;
        var telling = link.Patterns.FirstOrDefault(pattern => pattern.Cause != LinkCause.PeerRestarted) ?? link.Patterns[0];
        return finding with
        {
            // That a peer is restarted now and then is what links are for.
            Verdict = telling.Cause == LinkCause.PeerRestarted ? Verdict.Ok : Verdict.Warning,
            Measured = $"{finding.Measured}; {string.Join("; ", link.Patterns.Select(pattern => pattern.Text))}",
            Meaning = $"The pattern suggests {telling.Cause}.",
            Advice = LinkAdvice.For(telling.Cause),
        };
    }
}
