using System.CommandLine;
using System.Globalization;
using Gateway.Cli;
using Gateway.Cli.Check;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Client.Outbox;
using Gateway.Client.Processing;
using Gateway.Configuration;
using Gateway.Doctor;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>
/// The words that users meet (causes, exit codes, roles, verbs, options of the client) stand on the pages for them, and none stands there
/// that is gone.
/// </summary>
public sealed class DocumentedWordsTests
{
    private const string Operations = "gateway/docs/operations.md";
    private const string ClientPage = "client/README.md";
    private const string OutboxPage = "client/Gateway.Client.Outbox/README.md";

    private static readonly string[] _causeTables = ["The peer, or its host", "The way between the hosts", "Who the peer is", "This host"];

    private static readonly string[] _doctorTables = ["The gateway", "The store", "TCP of the host", "The links", "The way to a peer",
        "What only the peer can tell"];

    [Fact]
    public void Causes_StandOnceEachInTroubleshooting() =>
        _causeTables.SelectMany(table => Pages.Rows("gateway/docs/troubleshooting.md", table)).Select(FirstWord)
            .ShouldBe(Enum.GetNames<LinkCause>().Except([nameof(LinkCause.None)]), ignoreOrder: true);

    [Fact]
    public void ExitCodes_AreThoseOfTheProgram() =>
        Pages.Rows(Operations, "Exit codes").Select(FirstWord).ShouldBe(Enum.GetValues<ExitCode>().Select(code => Number((int)code)));

    [Fact]
    public void ExitCodesOfCheck_AreThoseOfTheProgram() =>
        Pages.Rows("gateway/docs/monitoring.md", "Check").Select(row => $"{row[0]} {row[1].Split([' ', ':', ','])[0]}")
            .ShouldBe(Enum.GetValues<CheckState>().Select(state => $"{(int)state} {state.ToString().ToLowerInvariant()}"));

    [Fact]
    public void FindingsOfTheDoctor_StandOnItsPageOnceEach() =>
        _doctorTables.SelectMany(table => Pages.Rows("gateway/docs/doctor.md", table)).Select(FirstWord).ShouldBe(
                typeof(FindingIds).GetFields().Select(field => (string)field.GetRawConstantValue()!), ignoreOrder: true);

    [Fact]
    public void Roles_AreThoseOfTheProgram() =>
        Pages.Rows("gateway/docs/security.md", "Operators").Select(FirstWord).ShouldBe(HttpRoleNames.Known);

    [Fact]
    public void Verbs_StandInOperations()
    {
        var page = Pages.Read(Operations);

        Verbs(CommandLine.Create(Terminal.Standard(canShowColours: false)), "")
            .Where(verb => !page.Contains($"`{verb}", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void OptionsOfTheClient_StandOnItsPage() =>
        Pages.Rows(ClientPage, "Options").Select(FirstWord).Except([nameof(GatewayClientOptions)])
            .ShouldBe(typeof(GatewayClientOptions).GetProperties().Select(property => property.Name), ignoreOrder: true);

    [Fact]
    public void OptionsOfTheProcessor_StandOnThePageOfTheClient() =>
        Pages.Rows(ClientPage, "Process").Select(FirstWord).SkipWhile(word => word != nameof(GatewayProcessorOptions)).Skip(1)
            .ShouldBe(typeof(GatewayProcessorOptions).GetProperties().Select(property => property.Name), ignoreOrder: true);

    [Fact]
    public void OptionsOfTheOutboxAndTheInbox_StandOnTheirPage()
    {
        Pages.Rows(OutboxPage, "Options").Select(FirstWord).Except([nameof(OutboxOptions)])
            .ShouldBe(typeof(OutboxOptions).GetProperties().Select(property => property.Name), ignoreOrder: true);
        Pages.Rows(OutboxPage, "Handle once").Select(FirstWord).Except([nameof(Gateway.Client.Outbox.InboxOptions)])
            .ShouldBe(typeof(Gateway.Client.Outbox.InboxOptions).GetProperties().Select(property => property.Name), ignoreOrder: true);
    }

    [Fact]
    public void ErrorsOnThePageOfTheClient_AreThoseOfTheLibrary() =>
        Pages.Rows(ClientPage, "Errors").SelectMany(row => row[0].Split(", ")).Select(name => name.Trim('`')).Except(["Reason"])
            .Where(name => !Enum.IsDefined(typeof(GatewayError), name)).ShouldBeEmpty();

    private static string FirstWord(string[] row) => row[0].Trim('`').Split(' ')[0];

    private static string Number(int code) => code.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Verbs(Command command, string path) =>
        command.Subcommands.Where(verb => !verb.Hidden).SelectMany(verb =>
        verb.Subcommands.Count == 0 ? [path + verb.Name] : Verbs(verb, $"{path}{verb.Name} "));
}
