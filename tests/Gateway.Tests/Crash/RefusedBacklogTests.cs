using Gateway.Cli.Api;
using Gateway.Cli.Shell;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Tests.Cli;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>A peer that has no room: its link is up, and thousands of messages wait. That is no health.</summary>
[Kind(Kind.Process)]
public sealed class RefusedBacklogTests : LinkTest
{
    private const int Room = 100;
    private const int Backlog = 4_000;

    [Fact]
    public async Task A_backlog_that_the_peer_refuses_is_a_fault_of_health_until_there_is_room()
    {
        var (near, far) = NewPair(Quick);
        far = Track(new TestGateway(far.Settings with
        { More = new Dictionary<string, string>(Quick) { ["Gateway:Store:QueueMessagesMax"] = $"{Room}" } }));
        var client = await StartAsync(near, far);
        (await HealthAsync(near)).Status.ShouldBe(HealthStatus.Healthy);

        // An empty queue takes a batch of any size.
        await client.SendAsync("jobs@far", "message 1");
        await UntilAsync("it has arrived", async () => (await OperatorView.StateAsync(client, Token)).LinkTo(Far).Messages == 0);
        await client.SendAllAsync("jobs@far", ProcessMessages.Numbered(Backlog).Skip(1));
        await UntilUpAsync(client, LinkCause.PeerRefuses);
        await UntilAsync("the rest waits", async () => (await OperatorView.StateAsync(client, Token)).LinkTo(Far).Messages
            >= Backlog - Room);

        var health = await HealthAsync(near);
        health.Status.ShouldBe(HealthStatus.Degraded);
        var reason = health.Reasons.ShouldHaveSingleItem();
        (reason.Code, reason.About).ShouldBe(("peer", Far));
        reason.Text.ShouldStartWith("up (PeerRefuses) since ");
        reason.Text.ShouldMatch("; (3,9..|4,000) messages wait$");
        var check = await RunAsync(near, "check");
        (check.Code, check.Output).ShouldSatisfyAllConditions(
            shown => ((int)shown.Code).ShouldBe(1), shown => shown.Output.ShouldStartWith("GATEWAY WARNING - peer far: up (PeerRefuses)"));
        var status = (await RunAsync(near, "status")).Output.Split('\n').First(line => line.StartsWith("far ", StringComparison.Ordinal));
        status.ShouldMatch("^far +up +PeerRefuses ");
        status.ShouldContain("Let the queue's consumers on the peer catch up");

        await far.KillAsync();
        var roomy = Track(new TestGateway(far.Settings with { More = Quick }));
        await roomy.StartReadyAsync(Token);
        await UntilAsync("all is well again", async () => (await HealthAsync(near)).Status == HealthStatus.Healthy);
        await UntilAsync("all have arrived", async () =>
            (await OperatorView.StateAsync(NewClient(roomy), Token)).MessagesOf("jobs") == Backlog);
    }

    private static async Task<Health> HealthAsync(TestGateway gateway)
    {
        using var http = ApiClient.HttpTo(new Uri(gateway.Api));
        return await new ApiClient(http, TimeSpan.FromSeconds(60), TimeProvider.System).ReadHealthAsync(Token);
    }

    private static async Task<(ExitCode Code, string Output)> RunAsync(TestGateway gateway, string verb)
    {
        var terminal = new TestTerminal();
        return (await terminal.RunAsync(verb, "--gateway", gateway.Api), terminal.Output);
    }
}
