namespace Gateway.Doctor;

/// <summary>All findings, and the verdict on them in three sentences. Pure.</summary>
/// <param name="Verdict">The heaviest of the findings, where one that is unknown counts as well.</param>
/// <param name="Summary">Three sentences: the likeliest cause, what to do first, and what else there is.</param>
/// <param name="Findings">In the order in which they were made.</param>
internal sealed record Diagnosis(Verdict Verdict, IReadOnlyList<string> Summary, IReadOnlyList<DoctorFinding> Findings)
{
    /// <summary>Findings that follow from others: they come after those that may explain them.</summary>
    private static readonly string[] _symptoms = [FindingIds.Gateway, FindingIds.Link, FindingIds.History];

    public static Diagnosis Of(IReadOnlyList<DoctorFinding> findings)
    {
        var ranked = findings.Where(finding => finding.Verdict >= Verdict.Warning)
            .OrderByDescending(finding => finding.Verdict).ThenByDescending(finding => finding.Matters)
            .ThenBy(finding => _symptoms.Contains(finding.Id)).ToList();
        var unknown = findings.Where(finding => finding.Verdict == Verdict.Unknown).ToList();
        return new Diagnosis(ranked.Count > 0 ? ranked[0].Verdict : Verdict.Ok,
            ranked is [var first, .. var rest]
                ? [First(first), first.Advice.Length > 0 ? first.Advice : "Nothing can be advised for it.", Rest(rest, unknown)]
                : [$"Nothing is wrong, as far as it was measured ({Figures.Counted(findings.Count, "finding")}).",
                    "There is nothing to do.", Rest([], unknown)],
            findings);
    }

    private static string First(DoctorFinding finding) =>
        $"The {(finding.Verdict == Verdict.Fault ? "fault" : "warning")} to look at first is {NameOf(finding)}: "
            + $"{finding.Measured.TrimEnd('.')}.";

    private static string Rest(IReadOnlyList<DoctorFinding> rest, IReadOnlyList<DoctorFinding> unknown)
    {
        var others = rest.Count == 0 ? "" : $"also found, the heaviest first: {string.Join(", ", rest.Select(NameOf))}";
        var dark = unknown.Count == 0 ? "" : $"not measured: {string.Join(", ", unknown.Select(NameOf))}";
        return Figures.Sentence((others, dark) switch
        {
            ("", "") => "nothing else was found, and everything could be measured",
            (_, "") => others,
            ("", _) => $"nothing else was found; {dark}",
            _ => $"{others}; {dark}",
        });
    }

    private static string NameOf(DoctorFinding finding) => finding.About.Length > 0 ? $"{finding.Id} ({finding.About})" : finding.Id;
}
