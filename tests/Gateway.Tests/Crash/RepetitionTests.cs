using System.Globalization;
using Gateway.Cli.Demo.Processes;
using Gateway.Links.Protocol;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// The same thing happens to a link again and again, with real processes: log, history and events tell the first ones, and sum up the
/// rest.
/// </summary>
[Kind(Kind.Process)]
public sealed class RepetitionTests : LinkTest
{
    /// <summary>The number of repetitions that each test waits for.</summary>
    private const int Often = 150;

    /// <summary>The number of connections that the port closes.</summary>
    private const int Closed = 25;

    /// <summary>The lines, changes or events of one link: the first ten of each of a few kinds, and some that sum up.</summary>
    private const int ToldMax = 50;

    private static readonly Dictionary<string, string> _eager = new(Quick)
    { ["Gateway:Links:BackoffMin"] = "00:00:00.010", ["Gateway:Links:BackoffMax"] = "00:00:00.020" };

    [Fact]
    public async Task A_port_that_closes_each_connection_is_told_in_few_lines_changes_and_events()
    {
        var connections = 0;
        var address = Impersonate(_ =>
        {
            Interlocked.Increment(ref connections);
            return Task.CompletedTask;
        });
        var near = Towards(NewGateways(_eager, "near")[0], address);
        await near.StartReadyAsync(Token);
        await using var events = await LinkEvents.OfAsync(near);
        var began = Volatile.Read(ref connections);

        // A peer that was never seen is tried less and less often, unless an operator asks for it.
        var client = NewClient(near);
        await UntilAsync("it has closed many", async () =>
        {
            await OperatorView.RetryAsync(client, Far);
            return Volatile.Read(ref connections) > began + Closed;
        });

        await ShouldBeToldBrieflyAsync(near, events);
        // Each of the two kinds of end is summed up after its first ten. The history sums up to the last moment.
        await UntilAsync("the rest is summed up", async () =>
        {
            await OperatorView.RetryAsync(client, Far);
            return (await OperatorView.LinkAsync(client, Far)).History
                .Any(change => change.Again > 1 && change.Evidence.StartsWith("again, ", StringComparison.Ordinal));
        });
    }

    [Fact]
    public async Task Two_gateways_of_one_name_are_told_in_few_lines_changes_and_events_at_both_ends()
    {
        var (near, far) = NewPair(_eager);
        var ports = LoopbackPort.Free(3);
        var folder = Directory.CreateDirectory(Path.Combine(Folder, "twin")).FullName;
        var twin = Track(
            new TestGateway(near.Settings with { Folder = folder, IntakePort = ports[0], LinksPort = ports[1], HttpPort = ports[2] }));
        var client = await StartAsync(near, far);
        await using var events = await LinkEvents.OfAsync(near);
        await twin.StartReadyAsync(Token);
        var farClient = NewClient(far);

        await UntilAsync("they have taken the place from each other many times", async () =>
            (await OperatorView.StateAsync(farClient, Token)).Connections["accepted"] > Often);

        await ShouldBeToldBrieflyAsync(near, events);
        (await OperatorView.LinkAsync(client, Far)).History.Select(change => change.Cause).ShouldContain(LinkCause.DuplicateName);
        LinesOf(far, "near").ShouldBeLessThan(ToldMax * 2);
    }

    private async Task ShouldBeToldBrieflyAsync(TestGateway gateway, LinkEvents events)
    {
        (await OperatorView.LinkAsync(NewClient(gateway), Far)).History.Count.ShouldBeInRange(1, ToldMax);
        LinesOf(gateway, "Link to far is ").ShouldBeInRange(1, ToldMax);
        events.Texts.Count.ShouldBeLessThanOrEqualTo(ToldMax, string.Create(CultureInfo.InvariantCulture, $"after {Often} times"));
    }

    private static int LinesOf(TestGateway gateway, string text) =>
        gateway.Process.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}
