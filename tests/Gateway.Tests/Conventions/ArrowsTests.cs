using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>The folders that each folder may use, found in compiled code and, for constants, in the source; each library's place.</summary>
public sealed partial class ArrowsTests
{
    private const string Kernel = "Kernel";

    /// <summary>
    /// Each room of the gateway and all that it uses. The kernel is for everybody, and is named by nobody. A room is a folder and its
    /// namespace; rooms that are added, and arrows that are not needed any more, are changed here.
    /// </summary>
    private const string Arrows = """
        Kernel:
        Logging:
        Store.Disk.Files:
        Store.Disk.Pages: Store.Disk.Files
        Store.Disk.Log: Store.Disk.Files Store.Disk.Pages
        Store.Disk: Store.Disk.Files Store.Disk.Log Store.Disk.Pages
        Store.Messages:
        Store.Records: Store.Disk.Log Store.Messages
        Store.State: Store.Messages Store.Records
        Store.Snapshots: Store.Disk.Log Store.Messages Store.Records Store.State
        Store: Store.Disk.Files Store.Disk.Log Store.Disk.Pages Store.Messages Store.Records Store.Snapshots Store.State
        Store.Blocks: Store.Disk Store.Disk.Files Store.Disk.Log Store.Disk.Pages Store.Records
        Store.Holding: Store.Disk.Files Store.Disk.Log Store.Records
        Store.Postgres: Store.Disk.Log Store.Holding Store.Records
        Store.Moving: Store.Disk.Log Store.Postgres Store.Records
        Store.Browsing: Store Store.Messages Store.Records Store.Snapshots Store.State
        Store.Commands: Store Store.Browsing Store.Messages Store.Records Store.Snapshots Store.State
        Store.Disk.Salvage: Store.Disk Store.Disk.Files Store.Disk.Log Store.Disk.Pages
        Store.Repair: Store Store.Blocks Store.Browsing Store.Disk Store.Disk.Files Store.Disk.Log Store.Disk.Salvage
            Store.Messages Store.Records Store.Snapshots Store.State
        Links.Protocol: Store.Commands Store.Messages Store.State
        Links.Causes: Links.Protocol Store.Commands Store.Messages
        Links.Fleet: Links.Causes Links.Protocol Store.Messages
        Links.Sending: Links.Causes Links.Protocol Store Store.Commands Store.Messages
        Links.Receiving: Links.Causes Links.Fleet Links.Protocol Store Store.Commands Store.Messages Store.State
        Links.Pairing: Links.Protocol Links.Receiving
        Links: Links.Causes Links.Fleet Links.Pairing Links.Protocol Links.Receiving Links.Sending Store Store.Commands
            Store.Messages Store.State
        Inbox: Store Store.Commands Store.Messages
        Intake: Inbox Store Store.Commands Store.Messages Store.Records
        Tcp.Framing:
        Tcp: Links.Causes Links.Protocol Tcp.Framing
        Tcp.Inlets: Inbox Intake Links.Causes Links.Protocol Store Store.Messages Store.State Tcp Tcp.Framing
        Tcp.Outlets: Inbox Intake Links.Causes Links.Protocol Store.Messages Tcp Tcp.Framing
        Transport: Links.Protocol
        Transport.Tls: Links Links.Receiving Transport
        Transport.Zmtp: Transport
        Transport.Accepting: Links.Protocol Links.Receiving Transport Transport.Tls Transport.Zmtp
        Transport.Dialing: Links.Pairing Links.Protocol Links.Sending Transport Transport.Tls Transport.Zmtp
        Transport.Plain: Links.Protocol Tcp Tcp.Framing Tcp.Inlets Tcp.Outlets Transport Transport.Accepting Transport.Dialing
            Transport.Tls
        Cli.Demo.Ledger:
        Management: Inbox Intake Links Links.Causes Links.Fleet Links.Pairing Links.Protocol Store Store.Browsing Store.Commands
            Store.Messages Store.Records Store.State Tcp Tcp.Framing
        Dashboard.Access: Doctor Management Store.Browsing Store.Messages
        Dashboard.Browsing: Dashboard.Access Store.Browsing Store.Messages
        Dashboard.Live: Dashboard.Access Links.Causes Links.Fleet Links.Protocol Management Store.Messages Tcp
        Dashboard.Parts: Dashboard.Access Dashboard.Browsing Dashboard.Live Links.Causes Links.Fleet Links.Protocol Management
            Store.Browsing Store.Messages Tcp
        Dashboard: Dashboard.Access Dashboard.Live Dashboard.Parts Management Store.Messages
        Dashboard.Pages: Dashboard Dashboard.Access Dashboard.Browsing Dashboard.Live Dashboard.Parts Doctor Links.Causes
            Links.Fleet Links.Protocol Management Store.Messages Tcp
        Http.Views: Links Links.Causes Links.Fleet Links.Pairing Links.Protocol Management Store.Browsing Store.Messages
            Store.Records Tcp
        Telemetry: Inbox Intake Links Links.Causes Links.Protocol Logging Management Store Store.Commands Store.Messages Tcp
        Composition: Doctor Doctor.Probes Inbox Intake Links Links.Causes Links.Fleet Links.Pairing Links.Protocol Links.Receiving
            Links.Sending Logging Management Store Store.Commands Store.Messages Store.Records Store.State Tcp Tcp.Inlets Tcp.Outlets
            Telemetry Transport Transport.Accepting Transport.Dialing Transport.Plain Transport.Tls Transport.Zmtp
        Configuration: Inbox Intake Links.Fleet Links.Protocol Logging Store.Messages Store.Postgres Tcp Tcp.Framing Telemetry
            Transport.Plain Transport.Tls
        Http.Answers: Configuration Dashboard Http.Views Links.Protocol Management
        Cli.Shell: Configuration Http.Answers Logging Store.Browsing Store.Messages
        Cli.Demo.Processes: Cli.Demo.Ledger Cli.Shell
        Cli.Keys: Cli.Shell Configuration Intake Transport.Tls
        Cli.Messaging: Cli.Shell Logging
        Http.Security: Configuration Dashboard.Access Http.Answers Intake Transport
        Http.Transfer: Configuration Http.Answers Http.Views Management Store.Messages
        Http.Resources: Configuration Doctor Doctor.Probes Http.Answers Http.Security Http.Transfer Http.Views Links.Causes
            Links.Pairing Links.Protocol Management Store.Browsing Store.Messages
        Cli.Api: Cli.Shell Configuration Http.Answers Http.Resources Http.Transfer Http.Views Links.Protocol Management
            Store.Browsing Store.Messages Transport.Dialing
        Cli.Configure: Cli.Api Cli.Shell Configuration Management
        Cli.Check: Cli.Api Cli.Shell Http.Views Logging Management
        Doctor: Configuration Links.Causes Links.Protocol
        Doctor.Probes: Configuration Doctor Links.Protocol Store.Disk.Files Transport Transport.Accepting Transport.Dialing Transport.Tls
            Transport.Zmtp
        Cli.Doctor: Cli.Api Cli.Shell Configuration Doctor Doctor.Probes Http.Answers Http.Resources Http.Views Management
        Cli.Demo: Cli.Api Cli.Demo.Ledger Cli.Demo.Processes Cli.Shell Http.Answers Http.Views Links.Causes Links.Protocol Logging
            Management Store.Disk.Log Store.Postgres
        Cli.Drill: Cli.Api Cli.Demo.Ledger Cli.Messaging Cli.Shell Http.Answers Http.Views Links.Causes Links.Protocol
        Cli.Operator: Cli.Api Cli.Shell Http.Answers Http.Resources Http.Transfer Http.Views Links Links.Causes Links.Fleet
            Links.Protocol Logging Management Store.Browsing Store.Messages
        Cli.Setup: Cli.Api Cli.Operator Cli.Shell Configuration Http.Answers Http.Resources Http.Views Links Links.Pairing
            Management Store.Disk.Files Store.Messages Transport Transport.Dialing Transport.Tls
        Cli.Offline: Cli.Operator Cli.Shell Configuration Http.Answers Http.Transfer Http.Views Store Store.Blocks Store.Browsing
            Store.Commands Store.Disk.Files Store.Disk.Log Store.Disk.Pages Store.Messages Store.Moving Store.Postgres Store.Records
            Store.Repair Store.State
        Http: Configuration Dashboard Dashboard.Access Doctor Http.Answers Http.Resources Http.Security Logging Management Transport
            Transport.Accepting Transport.Tls
        Hosting: Composition Configuration Http Http.Answers Http.Views Inbox Intake Links.Causes Links.Protocol Logging
            Management Store Store.Blocks Store.Disk.Files Store.Disk.Log Store.Disk.Pages Store.Messages Store.Postgres Store.Records
            Telemetry Transport Transport.Accepting Transport.Dialing Transport.Tls
        Cli: Cli.Check Cli.Configure Cli.Demo Cli.Demo.Processes Cli.Doctor Cli.Drill Cli.Keys Cli.Messaging Cli.Offline Cli.Operator
            Cli.Setup Cli.Shell Hosting
        """;

    [Fact]
    public void Rooms_UseWhatIsDrawnHere()
    {
        var arrows = TypeUses.In(typeof(global::Gateway.Cli.CommandLine).Assembly)
            .Select(pair => (User: RoomOf(pair.User), Used: RoomOf(pair.Used)))
            .Concat(ConstantUses.In("gateway", typeof(global::Gateway.Cli.CommandLine).Assembly)
                .Where(pair => pair.User.Length > 0).Select(pair => (User: RoomOf(pair.User), Used: RoomOf(pair.Used))))
            .Where(arrow => arrow.User != arrow.Used && arrow.Used != Kernel)
            .ToHashSet();
        var drawn = Drawn();

        arrows.Except(drawn).Select(arrow => $"{arrow.User} uses {arrow.Used}").Order().ShouldBeEmpty();
        drawn.Except(arrows).Select(arrow => $"{arrow.User} does not use {arrow.Used}").Order().ShouldBeEmpty();
    }

    [Fact]
    public void Rooms_FormNoCircle()
    {
        var left = Drawn().ToHashSet();
        // Rooms that use no other are taken away, until none is left; a circle stays.
        while (left.Select(arrow => arrow.Used).Except(left.Select(arrow => arrow.User)).ToHashSet() is { Count: > 0 } bottom)
            left.RemoveWhere(arrow => bottom.Contains(arrow.Used));

        left.ShouldBeEmpty();
    }

    [Fact]
    public void Files_AreInTheFolderOfTheirNamespace() =>
        SourceTree.Files("gateway")
            .Where(file => Namespace().Match(File.ReadAllText(file)) is { Success: true } found
                && found.Groups[1].Value.Replace('.', '/') != FolderOf(file))
            .ShouldBeEmpty();

    [Fact]
    public void Root_HoldsTheProgramAlone() =>
        Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "gateway"), "*.cs").Select(Path.GetFileName).ShouldBe(["Program.cs"]);

    [Fact]
    public void LiteDb_OnlyUnderTheStore() =>
        FilesWith("LiteDB").ShouldAllBe(file => file.StartsWith("gateway/Store/Disk/")
            || file.StartsWith("gateway/Store/Blocks/"));

    [Fact]
    public void Npgsql_OnlyUnderTheStore() =>
        FilesWith("Npgsql").ShouldAllBe(file => file.StartsWith("gateway/Store/Postgres/")
            || file.StartsWith("client/Gateway.Client.Outbox.PostgreSql/"));

    [Fact]
    public void NetMq_OnlyInTheTransportsAndTheRoot() =>
        FilesWith("NetMQ").ShouldAllBe(file => file.StartsWith("gateway/Transport/")
            || file.StartsWith("client/Gateway.Client/Transport/") || file == "gateway/Hosting/GatewayHost.cs");

    [Fact]
    public void OpenTelemetry_OnlyUnderTelemetry() =>
        FilesWith("OpenTelemetry").ShouldAllBe(file => file.StartsWith("gateway/Telemetry/")
            || file == "client/Gateway.Client.Hosting/GatewayTelemetry.cs");

    [Fact]
    public void StateMachines_HaveNoSocketTaskLockOrClock()
    {
        var wrong =
            from folder in new[] { "Links", "Inbox", "Intake", "Tcp" }
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
        references.ShouldNotContain("gateway");
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

    private static HashSet<(string User, string Used)> Drawn() =>
        Arrows.Replace("\n    ", " ", StringComparison.Ordinal).Split('\n')
            .Select(line => line.Split(':'))
            .SelectMany(row => row[1].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(used => (row[0], used)))
            .ToHashSet();

    private static string RoomOf(Type type) => RoomOf(type.Namespace!);

    private static string RoomOf(string space) => space[(nameof(Gateway).Length + 1)..];

    private static string FolderOf(string file) =>
        nameof(Gateway) + Path.GetDirectoryName(Path.GetRelativePath(SourceTree.Root, file))!["gateway".Length..].Replace('\\', '/');

    private static IEnumerable<string> FilesWith(string library) => SourceTree.Files("gateway").Concat(SourceTree.Files("client"))
        .Where(file => Regex.IsMatch(File.ReadAllText(file), $@"\busing {library}\b"))
        .Select(file => Path.GetRelativePath(SourceTree.Root, file).Replace(Path.DirectorySeparatorChar, '/'));

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"EventId = (\d+)")]
    private static partial Regex EventIds();

    [GeneratedRegex(@"\busing System\.Net|\busing System\.Threading|\bTask\b|\block\s*\(|\bLock\b"
        + @"|\bTimeProvider\b|\bInterlocked\b|\bStopwatch\b|\busing System\.Diagnostics(\.Metrics)?;")]
    private static partial Regex ShellWords();
}
