using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>Which folder may use which, and which library appears where; found in the source itself.</summary>
public sealed partial class ArrowsTests
{
    private static readonly string[] _folders =
        ["Intake", "Store", "Links", "Transport", "Inbox", "Management", "Dashboard", "Operations", "Telemetry", "Http", "Cli"];

    [Theory]
    [InlineData("Store", "")]
    [InlineData("Logging", "")]
    [InlineData("Links", "Store")]
    [InlineData("Inbox", "Store")]
    [InlineData("Intake", "Store Inbox")]
    [InlineData("Management", "Store Links Inbox Intake")]
    [InlineData("Dashboard", "Store Links Management")]
    [InlineData("Transport", "Store Links Management")]
    [InlineData("Telemetry", "Store Links Management")]
    [InlineData("Operations", "Store Inbox Intake Links Transport Management Telemetry")]
    [InlineData("Http", "Store Intake Links Transport Management Dashboard Operations")]
    public void Folder_UsesOnlyThese(string folder, string others)
    {
        string[] allowed = [folder, .. others.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        var wrong =
            from file in SourceTree.Files(Path.Combine("gateway", folder))
                .Concat(Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "gateway", folder), "*.razor", SearchOption.AllDirectories))
            from used in Uses(file)
            where _folders.Contains(used) && !allowed.Contains(used)
            select $"{Path.GetFileName(file)} uses {used}";

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Root_OnlyTheCompositionUsesOperationsTelemetryHttpCliOrTransport()
    {
        var wrong =
            from file in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "gateway"), "*.cs")
            where Path.GetFileName(file) is not ("GatewayHost.cs" or "Program.cs")
            from used in Uses(file)
            where used is "Operations" or "Telemetry" or "Http" or "Cli" or "Transport"
            select $"{Path.GetFileName(file)} uses {used}";

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void LiteDb_OnlyUnderTheStore() =>
        FilesWith("LiteDB").ShouldAllBe(file => file.StartsWith("gateway/Store/Disk/")
            || file == "gateway/Store/LiteBlockStore.cs" || file == "gateway/Store/BlockDocuments.cs");

    [Fact]
    public void NetMq_OnlyInTheTransportsAndTheRoot() =>
        FilesWith("NetMQ").ShouldAllBe(file => file.StartsWith("gateway/Transport/")
            || file.StartsWith("client/Transport/") || file == "gateway/Hosting/GatewayHost.cs");

    [Fact]
    public void OpenTelemetry_OnlyUnderTelemetry() =>
        FilesWith("OpenTelemetry").ShouldAllBe(file => file.StartsWith("gateway/Telemetry/"));

    [Fact]
    public void StateMachines_HaveNoSocketTaskLockOrClock()
    {
        var wrong =
            from folder in new[] { "Links", "Inbox", "Intake" }
            from file in SourceTree.Files(Path.Combine("gateway", folder))
            where ShellWords().IsMatch(File.ReadAllText(file))
            select Path.GetFileName(file);

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Client_ReferencesNeitherTheStoreNorTheHost()
    {
        var references = typeof(Gateway.Client.GatewayClient).Assembly.GetReferencedAssemblies().Select(assembly => assembly.Name!)
            .ToList();

        references.ShouldNotContain("LiteDB");
        references.ShouldNotContain("Gateway");
        references.Where(name => name.Contains("Hosting")).ShouldBeEmpty();
    }

    [Fact]
    public void LogEvents_HaveEachANumberOfTheirOwn()
    {
        var ids = SourceTree.Files("gateway").Concat(SourceTree.Files("client"))
            .SelectMany(file => EventIds().Matches(File.ReadAllText(file)).Select(match =>
                (Project: Path.GetRelativePath(SourceTree.Root, file).Split(Path.DirectorySeparatorChar)[0], Id: match.Groups[1].Value)))
            .ToList();

        ids.ShouldNotBeEmpty();
        ids.GroupBy(id => id).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();
    }

    /// <summary>The folders of the gateway that a file names, in a using or in full.</summary>
    private static IEnumerable<string> Uses(string file) =>
        Namespaces().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value).Distinct();

    private static IEnumerable<string> FilesWith(string library) => SourceTree.Files("gateway").Concat(SourceTree.Files("client"))
        .Where(file => Regex.IsMatch(File.ReadAllText(file), $@"\busing {library}\b"))
        .Select(file => Path.GetRelativePath(SourceTree.Root, file).Replace(Path.DirectorySeparatorChar, '/'));

    [GeneratedRegex(@"\bGateway\.(Intake|Store|Links|Transport|Inbox|Management|Dashboard|Operations|Telemetry|Http|Cli)\b(?!"")")]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"EventId = (\d+)")]
    private static partial Regex EventIds();

    [GeneratedRegex(@"\busing System\.Net|\busing System\.Threading|\bTask\b|\block\s*\(|\bLock\b"
        + @"|\bTimeProvider\b|\bInterlocked\b|\bStopwatch\b|\busing System\.Diagnostics(\.Metrics)?;")]
    private static partial Regex ShellWords();
}
