using System.Text;
using System.Text.Json;
using Gateway.Cli.Check;
using Gateway.Cli.Demo.Processes;
using Gateway.Cli.Shell;
using Gateway.Client;
using Gateway.Tests.Cli;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>An operator's view of running gateways at the command line, and the acts there.</summary>
[Kind(Kind.Process)]
public sealed class OperatorTests : LinkTest
{
    private const string Jobs = "jobs@far";

    private readonly string _api = $"http://127.0.0.1:{LoopbackPort.Free(1)[0]}";

    [Fact]
    public async Task A_backlog_is_seen_explained_mended_and_drained()
    {
        var (near, far) = NewPair(Quick);
        near = WithApi(near);
        await near.StartReadyAsync(Token);
        var client = NewClient(near);
        foreach (var body in new[] { "one", "two", "three" })
            await client.EnqueueAsync(Jobs, Encoding.UTF8.GetBytes(body), cancellationToken: Token);

        await UntilCauseAsync("Refused");
        await UntilAsync("the backlog is seen", async () => await MessagesAsync() == 3);
        var (state, line) = await CheckAsync();
        state.ShouldBe(CheckState.Warning);
        line.ShouldContain("peer far: ");
        (await CheckAsync("--messages-critical", "3")).State.ShouldBe(CheckState.Critical);

        await DoAsync(ExitCode.Ok, "queue", "pause", Jobs, "--why", "the second is wrong");
        var second = (await JsonAsync("queue", "peek", Jobs, "--after", "1", "--limit", "1"))[0].GetProperty("number").GetInt64()
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        await DoAsync(ExitCode.NotConfirmed, "message", "delete", Jobs, second);
        await DoAsync(ExitCode.Ok, "message", "delete", Jobs, second, "--yes", "--why", "wrong");
        await DoAsync(ExitCode.Ok, "queue", "resume", Jobs);
        await far.StartReadyAsync(Token);
        await DoAsync(ExitCode.Ok, "queue", "retry", Jobs);

        var received = new List<string>();
        await foreach (var message in NewClient(far).ReceiveAsync("jobs", cancellationToken: Token))
        {
            received.Add(Encoding.UTF8.GetString(message.Body.Span));
            await message.CompleteAsync(Token);
            if (received.Count == 2) break;
        }

        received.ShouldBe(["one", "three"]);
        await UntilAsync("it has drained", async () => await MessagesAsync() == 0);
        (await CheckAsync()).State.ShouldBe(CheckState.Ok);
        var audit = await JsonAsync("audit");
        audit.EnumerateArray().Select(entry => entry.GetProperty("action").GetString()).ShouldBe(["retry", "resume", "purge", "pause"]);
        audit[2].GetProperty("messages").GetInt64().ShouldBe(1);
        audit[2].GetProperty("text").GetString()!.ShouldContain("wrong");
    }

    [Fact]
    public async Task What_this_side_causes_is_named_PausedByOperator_LocalQuota_and_NoRoute()
    {
        var (near, far) = NewPair(new Dictionary<string, string>(Quick) { ["Gateway:Store:QueueMessagesMax"] = "2" });
        near = WithApi(near);
        var client = await StartAsync(near, far);

        await DoAsync(ExitCode.Ok, "peer", "pause", Far, "--why", "work on the line");
        (await UntilCauseAsync("PausedByOperator")).GetProperty("state").GetString().ShouldBe("paused");
        await DoAsync(ExitCode.Ok, "peer", "resume", Far);
        await OperatorView.UntilUpAsync(client, Far);

        await client.EnqueueAsync(Jobs, "first"u8.ToArray(), cancellationToken: Token);
        await UntilAsync("the queue is known and empty", async () => (await JsonAsync("queue", "ls")).GetArrayLength() == 1
            && await MessagesAsync() == 0);
        await DoAsync(ExitCode.Ok, "queue", "pause", Jobs);
        for (var i = 0; i < 2; i++) await client.EnqueueAsync(Jobs, "more"u8.ToArray(), cancellationToken: Token);
        (await Should.ThrowAsync<GatewayException>(async () =>
            await client.EnqueueAsync(Jobs, "too much"u8.ToArray(), cancellationToken: Token))).Reason.ShouldBe(GatewayError.StoreFull);
        (await UntilCauseAsync("LocalQuota")).GetProperty("state").GetString().ShouldBe("up");

        await near.StopAsync();
        await near.DisposeAsync();
        near = Track(new TestGateway(near.Settings with { Peers = new Dictionary<string, string>() }));
        await near.StartReadyAsync(Token);
        (await UntilCauseAsync("NoRoute")).GetProperty("messages").GetInt64().ShouldBe(2);
    }

    private TestGateway WithApi(TestGateway gateway) =>
        Track(new TestGateway(gateway.Settings with
        { More = new Dictionary<string, string>(gateway.Settings.More) { ["Gateway:Http:Address"] = _api } }));

    private async Task DoAsync(ExitCode expected, params string[] args)
    {
        var terminal = new TestTerminal();
        (await terminal.RunAsync([.. args, "--gateway", _api])).ShouldBe(expected, terminal.Error);
    }

    private async Task<JsonElement> JsonAsync(params string[] args)
    {
        var terminal = new TestTerminal();
        (await terminal.RunAsync([.. args, "--output", "json", "--gateway", _api])).ShouldBe(ExitCode.Ok, terminal.Error);
        return JsonDocument.Parse(terminal.Output).RootElement;
    }

    private async Task<(CheckState State, string Line)> CheckAsync(params string[] args)
    {
        var terminal = new TestTerminal();
        var state = (CheckState)(int)await terminal.RunAsync(["check", .. args, "--gateway", _api]);
        return (state, terminal.Output);
    }

    private async Task<long> MessagesAsync() =>
        (await JsonAsync("queue", "ls", "--peer", Far)).EnumerateArray().Sum(queue => queue.GetProperty("messages").GetInt64());

    /// <summary>Waits until it is the cause of the link; gives the link.</summary>
    private async Task<JsonElement> UntilCauseAsync(string cause)
    {
        var link = default(JsonElement);
        await UntilAsync($"the cause is {cause}", async () =>
        {
            link = (await JsonAsync("peer", "explain", Far)).GetProperty("link");
            return link.TryGetProperty("cause", out var named) && named.GetString() == cause;
        });
        return link;
    }
}
