using Gateway.Cli.Shell;
using Gateway.Doctor;
using Gateway.Http.Answers;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Gateway.Cli.Doctor;

/// <summary>Renders a diagnosis for people: a line a finding, and below it, if it is not ok, its meaning and the advice. Pure.</summary>
internal static class DoctorReport
{
    public static IEnumerable<IRenderable> Of(Diagnosis diagnosis)
    {
        var table = new Listing(new Column("verdict"), new Column("finding"), Column.Words("measured"));
        foreach (var finding in diagnosis.Findings)
        {
            table.Add(Word(finding.Verdict), finding.Id, Text(finding));
        }

        yield return table;
        yield return new Text("");
        foreach (var sentence in diagnosis.Summary) yield return Listing.Line(sentence);
    }

    private static string Text(DoctorFinding finding)
    {
        var measured = finding.About.Length > 0 ? $"{finding.About}: {finding.Measured}" : finding.Measured;
        return finding.Verdict == Verdict.Ok ? measured : string.Join(' ', new[]
        {
            $"{measured.TrimEnd('.')}.", finding.Meaning, finding.Advice.Length > 0 ? $"To do: {finding.Advice}" : "", finding.Relevance,
        }.Where(part => part.Length > 0));
    }

    private static ListingCell Word(Verdict verdict) => new(HttpJson.NameOf(verdict), verdict switch
    {
        Verdict.Ok => Color.Green,
        Verdict.Fault => Color.Red,
        _ => Color.Yellow,
    });
}
