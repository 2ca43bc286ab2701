using Gateway.Cli.Shell;
using Gateway.Management;
using Gateway.Tests.Management;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

/// <summary>The verbs status, audit and events.</summary>
public sealed class StatusVerbTests : ApiVerbTest
{
    [Fact]
    public async Task Status_tells_all_at_one_glance()
    {
        (await RunAsync("status")).ShouldBe(ExitCode.Ok);

        Terminal.Output.ShouldStartWith("gateway        shop\n");
        Terminal.Output.ShouldMatch("billing +up ");
        Terminal.Output.ShouldMatch("orders@billing +outgoing +open +3 ");
        var state = await JsonAsync("status");
        state.GetProperty("peers")[0].GetProperty("state").GetString().ShouldBe("up");
        state.GetProperty("startedAt").GetString().ShouldBe("2026-11-22T11:00:00+00:00");
    }

    [Fact]
    public async Task On_a_screen_lines_are_not_longer_than_it_and_states_have_colours()
    {
        var screen = new TestTerminal { Terminal = Terminal.Terminal with { Width = 100, HasColours = true } };
        var output = (MemoryStream)screen.Terminal.Output;

        (await screen.RunAsync("peer", "ls", "--gateway", Address)).ShouldBe(ExitCode.Ok);

        var text = System.Text.Encoding.UTF8.GetString(output.ToArray());
        text.ShouldContain('\u001b');
        text.Split('\n').Select(line => System.Text.RegularExpressions.Regex.Replace(line, @"\u001b\[[0-9;]*m", "").Length)
            .Max().ShouldBeLessThanOrEqualTo(100);
    }

    [Fact]
    public async Task Audit_lists_what_operators_did()
    {
        (await RunAsync("audit")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldBe("No operator has done anything yet.\n");
        Gateway.Audit.Add(
            new AuditEntry(Guid.NewGuid(), FakeManagement.Now, "anna (127.0.0.1)", "purge", "outgoing orders@billing", 1200, "Done; all"));
        Gateway.Audit.Add(new AuditEntry(Guid.NewGuid(), FakeManagement.Now, "ben (127.0.0.1)", "pause", "billing", 0, "line work"));

        (await RunAsync("audit", "--limit", "1")).ShouldBe(ExitCode.Ok);

        Terminal.Output.TrimEnd().Split('\n')[1].ShouldMatch(@"anna \(127.0.0.1\) +purge +outgoing orders@billing +1,200 +Done; all$");
        (await LinesAsync("audit")).Select(line => line.GetProperty("who").GetString()).ShouldBe(["anna (127.0.0.1)", "ben (127.0.0.1)"]);
    }

    [Fact]
    public async Task Events_are_printed_as_they_come()
    {
        Gateway.Raise(new GatewayEvent(1, FakeManagement.Now, "link", "billing", "down (Refused)"));
        Gateway.Raise(new GatewayEvent(6, FakeManagement.Now, GatewayEvent.MissedKind, "", "missing here: 4 events", Missed: 4));

        var first = (await LinesAsync("events")).ShouldHaveSingleItem();
        first.GetProperty("kind").GetString().ShouldBe("link");
        first.GetProperty("about").GetString().ShouldBe("billing");
    }

    [Fact]
    public async Task Events_wait_no_longer_than_their_timeout()
    {
        (await RunAsync("events", "--timeout", "300ms")).ShouldBe(ExitCode.NothingReceived);
        Terminal.Error.ShouldBe("Nothing happened within 0.3 s.\n");
        (await RunAsync("events", "--follow", "--timeout", "300ms")).ShouldBe(ExitCode.NothingReceived);
    }

    [Fact]
    public async Task Events_that_came_within_the_timeout_are_a_success()
    {
        var time = new FakeTimeProvider();
        var output = new EndingStream(writes: 1, () => time.Advance(TimeSpan.FromSeconds(2)));
        var terminal = new TestTerminal { Terminal = Terminal.Terminal with { Output = output, Time = time } };
        Gateway.Raise(new GatewayEvent(1, FakeManagement.Now, "link", "billing", "down (Refused)"));

        (await terminal.RunAsync(Token, "events", "--follow", "--timeout", "2s", "--gateway", Address)).ShouldBe(ExitCode.Ok);

        System.Text.Encoding.UTF8.GetString(output.ToArray()).ShouldBe("2026-11-22 12:00:00Z  link       billing: down (Refused)\n");
    }

    [Fact]
    public async Task Events_with_follow_go_on_until_it_is_interrupted()
    {
        using var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var output = new EndingStream(writes: 2, interrupt.Cancel);
        var terminal = new TestTerminal { Terminal = Terminal.Terminal with { Output = output } };
        Gateway.Raise(new GatewayEvent(1, FakeManagement.Now, "link", "billing", "down (Refused)"));
        Gateway.Raise(new GatewayEvent(6, FakeManagement.Now, GatewayEvent.MissedKind, "", "missing here: 4 events", Missed: 4));

        (await terminal.RunAsync(interrupt.Token, "events", "--follow", "--gateway", Address)).ShouldBe(ExitCode.Interrupted);

        var lines = System.Text.Encoding.UTF8.GetString(output.ToArray()).TrimEnd().Split('\n');
        lines[0].ShouldEndWith("  link       billing: down (Refused)");
        lines[1].ShouldEndWith("  missed     missing here: 4 events");
    }
}
