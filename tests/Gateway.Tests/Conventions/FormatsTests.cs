using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>Figures and times for people are written by one formatter.</summary>
public sealed partial class FormatsTests
{
    /// <summary>The formatter itself; the log, whose library wants a pattern; and pages whose heading has the zone.</summary>
    private static readonly string[] _exempt =
    [
        "gateway/Kernel/Figures.cs",
        "gateway/Hosting/GatewayHost.cs",
        "gateway/Dashboard/Parts/Moment.razor",
        "gateway/Dashboard/Parts/TimelinePicture.razor",
    ];

    [Fact]
    public void DatesAndThousands_AreFormattedInOnePlace() =>
        SourceTree.Files("gateway").Concat(Directory.EnumerateFiles(
                Path.Combine(SourceTree.Root, "gateway"), "*.razor", SearchOption.AllDirectories))
            .Select(file => (Name: Path.GetRelativePath(SourceTree.Root, file).Replace('\\', '/'), Text: File.ReadAllText(file)))
            .Where(file => !_exempt.Contains(file.Name) && Format().IsMatch(file.Text))
            .Select(file => $"{file.Name}: {Format().Match(file.Text).Value}").ShouldBeEmpty();

    [GeneratedRegex("""yyyy|HH:mm|"N0"|:N0\}|"#,0|:u\}|ToString\("u"|ToLocalTime|DateTime\.Now""")]
    private static partial Regex Format();
}
