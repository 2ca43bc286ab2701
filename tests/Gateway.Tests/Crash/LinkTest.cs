using System.Net.Sockets;
using Gateway.Cli.Demo.Processes;
using Gateway.Client;
using Gateway.Http.Views;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tests.Crash;

/// <summary>The common base of tests of links between real processes. The gateways are named near, which sends, and far.</summary>
public abstract class LinkTest : ProcessTest
{
    internal const string Far = "far";

    /// <summary>After so long without a sign of life a connection is dead, with the settings below.</summary>
    internal static readonly TimeSpan DeadAfter = TimeSpan.FromSeconds(1);

    /// <summary>The time that a busy machine may add to a limit that the gateway keeps.</summary>
    internal static readonly TimeSpan Slack = TimeSpan.FromSeconds(4);

    internal static readonly Dictionary<string, string> Quick = new()
    {
        ["Gateway:Links:HeartbeatInterval"] = "00:00:00.300",
        ["Gateway:Links:DeadAfter"] = "00:00:01",
        ["Gateway:Links:ConnectTimeout"] = "00:00:01",
        ["Gateway:Links:HandshakeTimeout"] = "00:00:01",
        ["Gateway:Connections:HandshakeTimeout"] = "00:00:01",
    };

    internal static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Two gateways, of which the near one reaches the far one at another address, if one is given.</summary>
    internal (TestGateway Near, TestGateway Far) NewPair(IReadOnlyDictionary<string, string> more, string? farAddress = null)
    {
        var gateways = NewGateways(more, "near", Far);
        return (farAddress is null ? gateways[0] : Towards(gateways[0], farAddress), gateways[1]);
    }

    /// <summary>A gateway alone, whose peer is whatever is at the address.</summary>
    internal async Task<GatewayClient> StartTowardsAsync(string farAddress)
    {
        var near = Towards(NewGateways(Quick, "near")[0], farAddress);
        await near.StartReadyAsync(Token);
        return NewClient(near);
    }

    /// <summary>The same gateway, with the peer far at the address.</summary>
    internal TestGateway Towards(TestGateway near, string farAddress) =>
        Track(new TestGateway(near.Settings with { Peers = new Dictionary<string, string> { [Far] = farAddress } }));

    /// <summary>Starts both; a client of the near one, whose link is up.</summary>
    internal async Task<GatewayClient> StartAsync(TestGateway near, TestGateway far)
    {
        await Task.WhenAll(near.StartReadyAsync(Token), far.StartReadyAsync(Token));
        var client = NewClient(near);
        await OperatorView.UntilUpAsync(client, Far);
        return client;
    }

    /// <summary>Starts both inside; a client of the near one, through a way in.</summary>
    internal async Task<GatewayClient> StartInsideAsync(NetworkNamespace network, TestGateway near, TestGateway far, bool isUp = true)
    {
        near.Start(network.Enter);
        far.Start(network.Enter);
        Track(TcpProxy.On(near.Settings.IntakePort, () => network.Connect(near.Settings.IntakePort)));
        Track(TcpProxy.On(near.Settings.HttpPort!.Value, () => network.Connect(near.Settings.HttpPort!.Value)));
        var client = NewClient(near);
        if (isUp) await OperatorView.UntilUpAsync(client, Far);
        return client;
    }

    /// <summary>The stand-in for the far gateway; each connection is served like this, again and again.</summary>
    internal string Impersonate(Func<Socket, Task> serve) => Track(new FakePeer(serve)).Address;

    internal static Task<LinkChangeView> UntilDownAsync(GatewayClient client, LinkCause cause, DateTimeOffset after = default) =>
        OperatorView.UntilAsync(client, Far, LinkState.Down, cause, after);

    internal static Task<LinkChangeView> UntilUpAsync(GatewayClient client, LinkCause cause, DateTimeOffset after = default) =>
        OperatorView.UntilAsync(client, Far, LinkState.Up, cause, after);

    /// <summary>The first end of the link after the time.</summary>
    internal static async Task<LinkChangeView> UntilEndAsync(GatewayClient client, DateTimeOffset after)
    {
        LinkChangeView? end = null;
        await UntilAsync("the link ends", async () =>
        {
            end = (await OperatorView.LinkAsync(client, Far)).History.FirstOrDefault(
                change => change.At >= after && change is { State: LinkState.Down, UpSeconds: not null });
            return end is not null;
        });
        return end!;
    }

    /// <summary>The peer has told, after the time, what had arrived of the messages in doubt.</summary>
    internal static async Task<LinkChangeView> UntilResolvedAsync(GatewayClient client, DateTimeOffset after)
    {
        LinkChangeView? resolved = null;
        await UntilAsync("the doubt is resolved", async () =>
        {
            resolved = (await OperatorView.LinkAsync(client, Far)).History.FirstOrDefault(
                change => change.At >= after && change is { State: LinkState.Up, InDoubt.Count: > 0 });
            return resolved is not null;
        });
        return resolved!;
    }

    /// <summary>
    /// Everything has come through. A completion whose confirmation a kill has lost counts: the message has left its queue, and does not
    /// come again.
    /// </summary>
    internal static async Task UntilEmptyAsync(Reckoning books, params GatewayClient[] clients)
    {
        await UntilAsync("the gateways are empty", async () =>
            (await Task.WhenAll(clients.Select(client => OperatorView.StateAsync(client, Token)))).All(view => view.Messages() == 0));
        await UntilAsync("the consumer has noted its last messages", () => books.Backlog == 0);
    }

    /// <summary>The output of the verb.</summary>
    internal async Task<string> ExplainAsync(TestGateway near)
    {
        var verb =
            Track(TestProcess.Start(Executable.Start("peer", "explain", Far, "--gateway", near.Api), Path.Combine(Folder, "explain.log")));
        await InTimeAsync("the verb ends", verb.Ended);
        return verb.Output;
    }
}
