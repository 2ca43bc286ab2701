using System.Text.Json;
using Gateway.Cli.Shell;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

/// <summary>Inlets and outlets on the command line.</summary>
public sealed class TcpVerbTests : ApiVerbTest
{
    public TcpVerbTests() => Gateway.State = Gateway.State with
    {
        Inlets = [TcpGlances.Inlet(LinkState.Up, LinkCause.LocalQuota, "telegrams@plant is full", replies: 2)],
        Outlets = [TcpGlances.Outlet(LinkState.Up, LinkCause.PeerRestarted, "receiver (pid 4711) was replaced", messages: 14)],
    };

    [Fact]
    public async Task Without_any_the_list_says_where_they_come_from()
    {
        Gateway.State = FakeManagement.NewState();

        (await RunAsync("tcp", "ls")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldBe("There are neither inlets nor outlets; add them to Gateway:Tcp.\n");
    }

    [Fact]
    public async Task The_list_has_a_table_of_each()
    {
        (await RunAsync("tcp", "ls")).ShouldBe(ExitCode.Ok);

        var lines = Terminal.Output.Split('\n');
        lines[1].ShouldMatch(@"^plc +holds back +LocalQuota +2026-11-22 11:50:00Z +tcp://127.0.0.1:9000 +telegrams@plant +2 +1,204 "
            + @"+1\.2 MB +17 +Let");
        lines[4].ShouldMatch(@"^press +up +2026-11-22 11:50:00Z +telegrams +10.0.4.20:9000 +1 +14 +6 min +1,190 +1\.2 MB$");
    }

    [Fact]
    public async Task An_inlet_is_shown_with_its_conversations()
    {
        (await RunAsync("tcp", "show", "plc")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldContain("holds back");
        Terminal.Output.ShouldContain("begins with the length of what follows in 4 bytes, little-endian, at 8 in a header of 12 bytes");
        Terminal.Output.ShouldContain("17, 170 B; 2 messages wait");
        Terminal.Output.ShouldContain("1 conversation ended within a frame; the piece is a dead letter");
        Terminal.Output.ShouldContain("3 replies found no program");
        Terminal.Output.ShouldMatch(@"up +ResetByPeer +60s? .*conversation 5f3a9c01-38 was reset");
        Terminal.Output.ShouldMatch(@"up +LocalQuota +telegrams@plant is full");
        Terminal.Output.ShouldMatch(@"5f3a9c01-39 +10\.0\.4\.18:40022 .* LocalQuota +1,004 +1\.2 MB +10 +100 B +telegrams@plant is full");
    }

    [Fact]
    public async Task An_outlet_is_shown_with_its_program_and_history()
    {
        (await RunAsync("tcp", "show", "press")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldMatch(@"last interruption +PeerRestarted: receiver \(pid 4711\) was replaced");
        Terminal.Output.ShouldContain("receiver (pid 5020, started 12:00:03)");
        Terminal.Output.ShouldContain("acknowledged by the target's TCP, and then 2 s without a reset");
        Terminal.Output.ShouldContain("14 messages, 14 kB, the oldest for 6 min; 14 under way");
        Terminal.Output.ShouldContain("5 messages of these");
        Terminal.Output.ShouldMatch(@"\nall +10\.0\.4\.20:9000 ");
        Terminal.Output.ShouldMatch(@"down +ResetByPeer +60 min +reset \(ECONNRESET\)");
        Terminal.Output.ShouldMatch(@"up +after PeerRestarted +receiver \(pid 4711\) was replaced");
    }

    [Fact]
    public async Task One_name_may_stand_for_both_and_JSON_has_them_apart()
    {
        var inlet = TcpGlances.Inlet();
        Gateway.State = Gateway.State with
        {
            Inlets = [inlet with { Status = inlet.Status with { Settings = inlet.Status.Settings with { Name = "press" } } }],
        };

        (await RunAsync("tcp", "show", "press", "--output", "json")).ShouldBe(ExitCode.Ok);

        var shown = JsonDocument.Parse(Terminal.Output).RootElement;
        shown.GetProperty("inlet").GetProperty("inlet").GetProperty("name").GetString().ShouldBe("press");
        shown.GetProperty("outlet").GetProperty("outlet").GetProperty("name").GetString().ShouldBe("press");
    }

    [Theory]
    [InlineData("pause", "pause inbound telegrams 'new press' local (127.0.0.1)", "--why", "new press")]
    [InlineData("resume", "resume inbound telegrams local (127.0.0.1)")]
    public async Task An_outlet_is_paused_and_resumed(string verb, string act, params string[] more)
    {
        Gateway.State = Gateway.State with { Queues = [Gateway.State.Outlets[0].Queue!] };

        (await RunAsync(["tcp", verb, "press", .. more])).ShouldBe(ExitCode.Ok);

        Gateway.Acts.ShouldBe([act]);
        (await RunAsync("tcp", verb, "nobody")).ShouldBe(ExitCode.Refused);
        (await RunAsync("tcp", verb, "no name")).ShouldBe(ExitCode.Usage);
    }

    [Theory]
    [InlineData("pause", "pause inlet plc 'new press' local (127.0.0.1)", "--why", "new press")]
    [InlineData("resume", "resume inlet plc local (127.0.0.1)")]
    public async Task An_inlet_is_paused_and_resumed(string verb, string act, params string[] more)
    {
        (await RunAsync(["tcp", verb, "plc", .. more])).ShouldBe(ExitCode.Ok);

        Gateway.Acts.ShouldBe([act]);
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    public async Task Of_an_inlet_and_an_outlet_with_one_name_it_must_be_said_which(string verb)
    {
        var inlet = Gateway.State.Inlets[0];
        Gateway.State = Gateway.State with
        {
            Inlets = [inlet with { Status = inlet.Status with { Settings = inlet.Status.Settings with { Name = "press" } } }],
            Queues = [Gateway.State.Outlets[0].Queue!],
        };

        (await RunAsync("tcp", verb, "press")).ShouldBe(ExitCode.Usage);
        Terminal.Error.ShouldContain("There are an inlet and an outlet 'press'; say which with --inlet or --outlet.");
        (await RunAsync("tcp", verb, "press", "--inlet", "--outlet")).ShouldBe(ExitCode.Usage);
        Gateway.Acts.ShouldBeEmpty();

        (await RunAsync("tcp", verb, "press", "--inlet")).ShouldBe(ExitCode.Ok);
        (await RunAsync("tcp", verb, "press", "--outlet")).ShouldBe(ExitCode.Ok);
        Gateway.Acts.Select(act => act[..(verb.Length + 8)]).ShouldBe([$"{verb} inlet p", $"{verb} inbound"]);
    }

    [Fact]
    public async Task A_paused_inlet_says_so()
    {
        var inlet = Gateway.State.Inlets[0];
        Gateway.State = Gateway.State with
        {
            Inlets = [InletSummary.Of(inlet.Status, inlet.Replies, new Pause(Gateway.State.Now, "anna", "new press"))],
        };

        (await RunAsync("tcp", "ls")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldMatch(@"\nplc +paused +PausedByOperator .*Resume it when");
        (await RunAsync("tcp", "show", "plc")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldMatch(@"\npaused +by anna ");
    }

    [Fact]
    public async Task A_name_that_is_none_is_refused()
    {
        (await RunAsync("tcp", "show", "printer")).ShouldBe(ExitCode.Refused);

        Terminal.Error.ShouldContain("'gateway tcp ls'");
        (await RunAsync("tcp", "show", "no name")).ShouldBe(ExitCode.Usage);
    }
}
