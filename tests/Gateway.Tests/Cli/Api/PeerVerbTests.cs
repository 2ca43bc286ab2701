using Gateway.Cli.Shell;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tests.Management;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Cli.Api;

public sealed class PeerVerbTests : ApiVerbTest
{
    public PeerVerbTests() => Gateway.State = Gateway.State with
    {
        Links = [FakeManagement.NewLink("billing", LinkState.Down, LinkCause.Refused), FakeManagement.NewLink(
            "archive", LinkState.Up, LinkCause.None) with { Pause = new Pause(FakeManagement.Now, "anna", "audit") }],
    };

    [Fact]
    public async Task Ls_says_why_and_what_to_do()
    {
        (await RunAsync("peer", "ls")).ShouldBe(ExitCode.Ok);

        var lines = Terminal.Output.Split('\n');
        lines[1].ShouldMatch(@"^billing +down +Refused +20.* 3 +300 B +90 s +1.5/s +Start the gateway on the peer's host");
        lines[2].ShouldMatch("^archive +up .*Paused by anna since .*: audit");
        (await JsonAsync("peer", "ls"))[0].GetProperty("cause").GetString().ShouldBe("Refused");
    }

    [Fact]
    public async Task Explain_and_history_tell_it_in_full()
    {
        (await RunAsync("peer", "explain", "billing")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldMatch("cause +Refused");
        Terminal.Output.ShouldContain("pattern: restarted twice");
        Terminal.Output.ShouldContain("in doubt: 3 messages of orders, numbers 3 to 5; known when the link is up again");
        Terminal.Output.ShouldContain("orders@billing");

        var details = await JsonAsync("peer", "explain", "billing");
        details.GetProperty("link").GetProperty("cause").GetString().ShouldBe("Refused");
        details.GetProperty("candidates")[0].GetProperty("why").GetString().ShouldBe("nobody listens");
        (await JsonAsync("peer", "history", "billing"))[0].GetProperty("upSeconds").GetDouble().ShouldBe(2.5);
        (await RunAsync("peer", "history", "billing")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldContain("refused; in doubt: 3 messages of orders");
        (await RunAsync("peer", "explain", "nobody")).ShouldBe(ExitCode.Refused);
        Terminal.Error.ShouldContain("no peer 'nobody'");
    }

    [Fact]
    public async Task A_link_that_is_up_and_well_shows_the_cause_of_its_last_interruption_as_that()
    {
        Gateway.State = Gateway.State with { Links = [FakeManagement.NewLink("billing", LinkState.Up, LinkCause.PeerSilent)] };

        (await RunAsync("peer", "explain", "billing")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldMatch("(?m)^last interruption +PeerSilent: evidence$");
        Terminal.Output.ShouldNotMatch("(?m)^(cause|evidence|what to do) ");
        (await RunAsync("peer", "ls")).ShouldBe(ExitCode.Ok);
        Terminal.Output.ShouldMatch("(?m)^billing +up +20");
    }

    [Theory]
    [InlineData("pause", "pause billing 'work on the line' local (127.0.0.1)", "--why", "work on the line")]
    [InlineData("resume", "resume billing local (127.0.0.1)")]
    [InlineData("retry", "retry billing local (127.0.0.1)")]
    public async Task Pause_resume_and_retry_act(string verb, string act, params string[] more)
    {
        (await RunAsync(["peer", verb, "billing", .. more])).ShouldBe(ExitCode.Ok);

        Gateway.Acts.ShouldBe([act]);
        (await RunAsync("peer", verb, "..")).ShouldBe(ExitCode.Usage);
        (await RunAsync("peer", verb, "nobody")).ShouldBe(ExitCode.Refused);
    }
}
