using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store;

/// <summary>The document of the format says what the code does.</summary>
public sealed partial class StoreFormatDocumentTests
{
    private static readonly string _document =
        File.ReadAllText(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../gateway/Store/FORMAT.md"));

    [Fact]
    public void RecordNumbers_AreThoseOfTheCode() =>
        RecordRow().Matches(_document).Select(row => $"{row.Groups[1].Value} {row.Groups[2].Value}")
            .ShouldBe(Enum.GetValues<RecordKind>().Select(kind => $"{(int)kind} {kind}"));

    [Fact]
    public void EveryRecord_HasItsTable()
    {
        foreach (var kind in Enum.GetNames<RecordKind>())
            Heading().Matches(_document).SelectMany(heading => heading.Groups[1].Value.Split(", ")).ShouldContain(kind);
    }

    [Fact]
    public void Reasons_AreThoseOfTheCode()
    {
        var reasons = Enum.GetValues<DeadLetterReason>()
            .Select(reason => $"{(int)reason} {Words().Replace(reason.ToString(), " $1").Trim().ToLower(CultureInfo.InvariantCulture)}");

        _document.Replace("refused by the peer", "refused by peer", StringComparison.Ordinal).ShouldContain(string.Join(", ", reasons));
    }

    [Fact]
    public void Version_IsThatOfTheCode() => _document.ShouldContain($"Version {MessageStore.FormatVersion}.");

    [GeneratedRegex(@"^\| (\d+) \| ([A-Z]\w+) \|", RegexOptions.Multiline)]
    private static partial Regex RecordRow();

    [GeneratedRegex(@"^### (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex("([A-Z])")]
    private static partial Regex Words();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
