using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

/// <summary>The doctor before a gateway that answers. What it says of the host depends on the machine, and is not looked at.</summary>
public sealed class DoctorVerbTests : ApiVerbTest
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gateway-doctor-").FullName;

    private string Config => Path.Combine(_folder, "shop.json");

    private protected override void Configure(Gateway.Configuration.GatewayOptions options) => File.WriteAllText(Config, $$"""
        { "Gateway": {
            "Name": "shop", "Store": { "Path": {{JsonSerializer.Serialize(Path.Combine(_folder, "store"))}} },
            "Peers": { "billing": { "Address": "tcp://127.0.0.1:9" } } } }
        """);

    [Fact]
    public async Task A_link_that_is_down_is_a_fault_with_its_cause_and_the_exit_code_says_so()
    {
        Gateway.State = Gateway.State with { Links = [FakeManagement.NewLink("billing", LinkState.Down, LinkCause.Refused)] };

        (await DoctorAsync("--output", "json")).ShouldBe(ExitCode.FaultFound);

        var diagnosis = JsonDocument.Parse(Terminal.Output).RootElement;
        diagnosis.GetProperty("verdict").GetString().ShouldBe("fault");
        diagnosis.GetProperty("summary").GetArrayLength().ShouldBe(3);
        var link = diagnosis.GetProperty("findings").EnumerateArray().Single(finding => finding.GetProperty("id").GetString() == "link");
        link.GetProperty("about").GetString().ShouldBe("billing");
        link.GetProperty("measured").GetString()!.ShouldContain("(Refused)");
        link.GetProperty("advice").GetString().ShouldBe(LinkAdvice.For(LinkCause.Refused));
    }

    [Fact]
    public async Task The_way_to_a_peer_is_gone_by_the_doctor_itself()
    {
        await DoctorAsync("billing");

        Terminal.Output.ShouldContain("127.0.0.1 is an address, and needs no name service");
        Terminal.Output.ShouldContain("127.0.0.1:9: TCP: Connection refused (ConnectionRefused, ");
    }

    [Fact]
    public async Task It_leaves_nothing_in_the_folder_of_the_store()
    {
        var store = Directory.CreateDirectory(Path.Combine(_folder, "store"));

        await DoctorAsync();

        Terminal.Output.ShouldContain("small flush");
        store.EnumerateFileSystemInfos().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_peer_that_is_not_configured_is_an_error_with_the_nearest_name()
    {
        (await DoctorAsync("biling")).ShouldBe(ExitCode.Usage);

        Terminal.Error.ShouldContain("no peer biling. Did you mean 'billing'?");
    }

    [Fact]
    public async Task Without_a_gateway_the_host_is_examined_all_the_same()
    {
        var terminal = TestTerminal.OfWidth(80);

        (await terminal.RunAsync("doctor", "--config", Config, "--gateway", "http://127.0.0.1:9")).ShouldBe(ExitCode.FaultFound);

        terminal.Output.ShouldContain("No gateway answers at http://127.0.0.1:9");
        terminal.Output.ShouldContain("ephemeral-ports");
        terminal.Output.Split('\n').ShouldAllBe(line => line.Length <= 80);
    }

    private Task<ExitCode> DoctorAsync(params string[] args) => RunAsync(["doctor", .. args, "--config", Config]);
}
