using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>The documents can be read in a terminal, and every link in them leads somewhere.</summary>
public sealed partial class PagesTests
{
    private const int LineCharsMax = 140;
    private const int ReadmeWordsMax = 1500;

    public static TheoryData<string> All => [.. Pages.All];

    [Theory]
    [MemberData(nameof(All))]
    public void Lines_EndAt140Characters(string page) =>
        // A record of JSON Lines is one line, however long.
        Pages.Read(page).Split('\n').Select((line, index) => (line, number: index + 1))
            .Where(at => at.line.Length > LineCharsMax && !at.line.StartsWith("{\"", StringComparison.Ordinal))
            .Select(at => $"{page}:{at.number} has {at.line.Length} characters").ShouldBeEmpty();

    [Theory]
    [MemberData(nameof(All))]
    public void Links_LeadToAFileAndAHeadingThatAreThere(string page) =>
        Links(page).Select(link => Fault(page, link)).Where(fault => fault.Length > 0).ShouldBeEmpty();

    [Fact]
    public void Readme_HasAtMost1500Words() =>
        Pages.Read("README.md").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length.ShouldBeLessThanOrEqualTo(
            ReadmeWordsMax);

    [Fact]
    public void Readme_LeadsToEveryPageForReaders()
    {
        var linked = Links("README.md").Select(link => link.Split('#')[0]).ToHashSet();

        Pages.All.Where(page => page.StartsWith("gateway/docs/", StringComparison.Ordinal)
            || page.EndsWith("/README.md", StringComparison.Ordinal))
            .Where(page => !linked.Contains(page)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Ephemeral ports and `TIME_WAIT`", "ephemeral-ports-and-time_wait")]
    [InlineData("Connection reset by peer, 10054", "connection-reset-by-peer-10054")]
    [InlineData("[EXPORT.md](EXPORT.md): lines", "exportmd-lines")]
    public void Anchor_IsThatOfTheHeading(string heading, string anchor) => AnchorOf(heading).ShouldBe(anchor);

    private static IEnumerable<string> Links(string page) =>
        Pages.Prose(page).SelectMany(line => Link().Matches(Code().Replace(line, "")).Select(link => link.Groups[1].Value))
            .Where(link => !link.Contains("://", StringComparison.Ordinal));

    /// <summary>Empty when there is none.</summary>
    private static string Fault(string page, string link)
    {
        var (file, anchor) = link.Split('#') is [var before, var after] ? (before, after) : (link, "");
        var target = file.Length == 0 ? page : Path.GetRelativePath(
            SourceTree.Root, Path.GetFullPath(Path.Combine(SourceTree.Root, Path.GetDirectoryName(page)!, file))).Replace('\\', '/');
        var path = Path.Combine(SourceTree.Root, target);
        if (!File.Exists(path) && !Directory.Exists(path)) return $"{page} links to {link}, but there is no {target}";
        return anchor.Length == 0 || AnchorsOf(target).Contains(anchor) ? "" : $"{page} links to {link}, but {target} has no such heading";
    }

    private static HashSet<string> AnchorsOf(string page) =>
        [.. Pages.Prose(page).Where(line => Heading().IsMatch(line)).Select(line => AnchorOf(Heading().Replace(line, "")))];

    /// <summary>As GitHub makes it of a heading.</summary>
    private static string AnchorOf(string heading) =>
        NotInAnchors().Replace(Target().Replace(heading.Trim().ToLowerInvariant(), "$1"), "").Replace(' ', '-');

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`[^`]*`")]
    private static partial Regex Code();

    [GeneratedRegex("^#+ ")]
    private static partial Regex Heading();

    [GeneratedRegex(@"\[([^\]]*)\]\([^)]*\)")]
    private static partial Regex Target();

    [GeneratedRegex(@"[^\p{L}\p{N} _-]")]
    private static partial Regex NotInAnchors();
}
