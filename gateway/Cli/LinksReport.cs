using System.Globalization;
using System.Text.Json;
using Gateway.Links;

namespace Gateway.Cli;

/// <summary>What a gateway tells of its links, as lines for people. Times are of this host's zone.</summary>
internal static class LinksReport
{
    public static IEnumerable<string> List(string json)
    {
        var links = JsonSerializer.Deserialize<Status>(json, LinkHistory.Json)?.Links ?? [];
        if (links.Count == 0) yield return "There are no peers; add them to Gateway:Peers.";
        foreach (var link in links)
        {
            foreach (var line in Lines(link)) yield return line;
        }
    }

    public static IEnumerable<string> Explain(string json)
    {
        var details = Read(json);
        foreach (var line in Lines(details.Link)) yield return line;
        if (details.Warning.Length > 0) yield return $"  warning: {details.Warning}";
        if (details.Candidates.Count > 1) yield return "  what fits, the likeliest first:";
        foreach (var (candidate, rank) in details.Candidates.Count > 1 ? details.Candidates.Select(
            (candidate, index) => (candidate, index + 1)) : []) yield return $"  {rank}. {candidate.Cause}: {candidate.Why}";
        foreach (var pattern in details.Patterns) yield return $"  pattern: {pattern.Text}";
        foreach (var doubt in details.InDoubt)
            yield return $"  in doubt: {Doubt(doubt)}; known when the link is up again; 'gateway queue peek "
                + $"{doubt.Queue}@{details.Link.Peer} --state in-doubt' lists them";
        if (details.History.LastOrDefault(change => change is { State: LinkState.Up, InDoubt.Count: > 0 }) is { } resolved)
        {
            foreach (var doubt in resolved.InDoubt) yield return $"  in doubt before {Time(resolved.At)}: {Doubt(doubt)}; "
                + $"{doubt.StoredThere} were stored there already, {doubt.SentAgain} were sent again";
        }
    }

    public static IEnumerable<string> History(string json)
    {
        var details = Read(json);
        foreach (var change in details.History)
        {
            var cause = change.Cause == LinkCause.None ? "" : $" ({change.Cause})";
            var up = change.UpSeconds is { } seconds ? $"; it had been up for {Span(seconds)}, quiet for {Span(change.QuietSeconds ?? 0)}"
                : "";
            yield return $"{Time(change.At)}  {change.State.ToString().ToLowerInvariant(),-4}{cause}: {change.Evidence}{up}";
            foreach (var doubt in change.InDoubt)
            {
                var outcome = change.State == LinkState.Up ? $": {doubt.StoredThere} were stored there already, {doubt.SentAgain} "
                    + $"are sent again" : "";
                yield return $"    in doubt: {Doubt(doubt)}{outcome}";
            }
        }

        foreach (var pattern in details.Patterns) yield return $"pattern: {pattern.Text}";
        if (details.History.Count == 0) yield return "Nothing has happened to this link yet.";
    }

    private static Details Read(string json) =>
        JsonSerializer.Deserialize<Details>(json, LinkHistory.Json)
            ?? throw new CommandLineException(ExitCode.Failed, "The gateway's answer is empty.");

    private static IEnumerable<string> Lines(Link link)
    {
        var cause = link.Cause is null ? "" : $" ({link.Cause})";
        yield return $"{link.Peer}: {link.State}{cause} since {Time(link.Since)}";
        if (link.Evidence.Length > 0) yield return $"  {link.Evidence}";
        if (link.Advice.Length > 0) yield return $"  {link.Advice}";
    }

    private static string Doubt(InDoubt doubt) => $"{doubt.Messages} messages of {doubt.Queue}, numbers {doubt.First} to {doubt.Last}";

    private static string Time(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string Span(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.#} s");

    private sealed record Status(IReadOnlyList<Link> Links);

    private sealed record Link(string Peer, string State, string? Cause, DateTimeOffset Since, string Evidence, string Advice);

    private sealed record Details(
        Link Link,
        string Warning,
        IReadOnlyList<LinkCandidate> Candidates,
        IReadOnlyList<LinkPattern> Patterns,
        IReadOnlyList<InDoubt> InDoubt,
        IReadOnlyList<LinkChange> History);
}
