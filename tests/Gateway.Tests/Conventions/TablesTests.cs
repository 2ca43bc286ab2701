using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>No table of a document is broken: not by a blank line, which makes text of its rest, nor by a row of too few cells.</summary>
public sealed partial class TablesTests
{
    public static TheoryData<string> All => [.. Pages.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Tables_AreWhole(string page)
    {
        var lines = Pages.Prose(page);
        Faults(lines).Select(fault => $"{page}:{fault}").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("| a | b |\n|---|---|\n| 1 | 2 |\n\n| 3 | 4 |", "5 begins a table without a rule")]
    [InlineData("| a | b |\n|---|---|\n| 1 |", "3 has 1 cells, and the heading has 2")]
    [InlineData("text\n| a | b |\n|---|---|\n| 1 | 2 |", "2 follows text without a blank line")]
    public void ABrokenTable_IsFound(string text, string fault) => Faults(text.Split('\n')).ShouldBe([fault]);

    private static IEnumerable<string> Faults(IReadOnlyList<string> lines)
    {
        var heading = -1;
        for (var i = 0; i < lines.Count; i++)
        {
            if (!IsRow(lines[i]))
            {
                heading = -1;
                continue;
            }

            if (heading < 0)
            {
                heading = i;
                if (i > 0 && lines[i - 1].Length > 0) yield return $"{i + 1} follows text without a blank line";
                if (i + 1 >= lines.Count || !Rule().IsMatch(lines[i + 1])) yield return $"{i + 1} begins a table without a rule";
            }
            else if (Cells(lines[i]) != Cells(lines[heading]))
            {
                yield return $"{i + 1} has {Cells(lines[i])} cells, and the heading has {Cells(lines[heading])}";
            }
        }
    }

    private static bool IsRow(string line) => line.StartsWith('|');

    private static int Cells(string line) => line.Replace("\\|", "", StringComparison.Ordinal).Trim().Trim('|').Split('|').Length;

    [GeneratedRegex(@"^\|[\s:|-]+\|$")]
    private static partial Regex Rule();
}
