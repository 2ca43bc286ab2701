using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>The operator's exercise, by its verb, against a running pair.</summary>
[Kind(Kind.Process)]
public sealed class DrillTests : LinkTest
{
    private static readonly Dictionary<string, string> _enabled = new(Quick) { ["Gateway:Links:DrillEnabled"] = "true" };

    [Fact]
    public async Task All_faults_are_named_and_survived_and_every_message_arrives_once_and_in_order()
    {
        var (near, far) = NewPair(_enabled);
        await StartAsync(near, far);

        var drill = await DrillAsync(near, "--far-gateway", far.Address, "--stall", "300ms", "--rate", "100");

        (await drill.Ended).ShouldBe((int)ExitCode.Ok, drill.Output + drill.Errors);
        drill.Output.ShouldSatisfyAllConditions(
            output => output.ShouldContain("reset      named ResetByPeer"),
            output => output.ShouldContain("half-open  named HalfOpen"),
            output => output.ShouldContain("stall      the link stayed up"),
            output => output.ShouldContain("kill       named ClosedByPeer"),
            output => output.ShouldContain("lost 0, again 0, out of order 0, altered 0"),
            output => output.ShouldContain("The ledger balances."));
        (await OperatorView.StateAsync(NewClient(far), Token)).Messages().ShouldBe(0);
    }

    [Fact]
    public async Task A_stall_that_is_longer_than_a_link_may_be_silent_is_HalfOpen()
    {
        var (near, far) = NewPair(_enabled);
        await StartAsync(near, far);

        var drill = await DrillAsync(near, "--kind", "stall", "--stall", "5s");

        (await drill.Ended).ShouldBe((int)ExitCode.Ok, drill.Output + drill.Errors);
        drill.Output.ShouldContain("stall      named HalfOpen");
        drill.Output.ShouldContain("Not received at far");
    }

    [Fact]
    public async Task A_gateway_that_does_not_allow_drills_refuses_and_says_what_to_set()
    {
        var (near, far) = NewPair(Quick);
        var client = await StartAsync(near, far);

        var drill = await DrillAsync(near);

        (await drill.Ended).ShouldBe((int)ExitCode.Refused);
        drill.Errors.ShouldContain("set Gateway:Links:DrillEnabled to true");
        drill.Output.ShouldBeEmpty();
        (await OperatorView.StateAsync(client, Token)).MessagesOf("drill@far").ShouldBe(0);
    }

    private async Task<TestProcess> DrillAsync(TestGateway near, params string[] more)
    {
        var verb = Track(TestProcess.Start(Executable.Start(["drill", Far, "--gateway", near.Api, "--near-gateway", near.Address, .. more]),
            Path.Combine(Folder, "drill.log")));
        await InTimeAsync("the drill ends", verb.Ended);
        return verb;
    }
}
