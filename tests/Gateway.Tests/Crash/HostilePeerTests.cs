using System.Globalization;
using System.Net;
using Gateway.Client;
using Gateway.Tests.Transport;
using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>
/// Hostile bytes to a running gateway, on either of its ports, cost their sender the connection, and no one else anything.
/// </summary>
[Collection(ProcessCollection.Name)]
public sealed class HostilePeerTests : ProcessTest
{
    private const int AtOnce = 20;

    private static readonly byte[] _ready = ZmtpBytes.Message("READY", "1");

    private static int Connections => Setting("GATEWAY_ZMTP_CONNECTIONS", 600);

    private static int Seed => Setting("GATEWAY_ZMTP_SEED", 7);

    [Fact]
    public async Task What_is_known_to_kill_NetMQ_costs_its_sender_the_connection_alone()
    {
        var gateway = NewGateways("local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        using var bystander = await SayHelloAsync(gateway);
        var sending = client.SendAllAsync("q@local", ProcessMessages.Numbered(2_000));

        var refused = ZmtpCheckerTests.Handshakes.Select(row => row.Data)
            .Concat(ZmtpCheckerTests.Traffic.Where(row => row.Data.Item1 is nameof(ConnectionFault.MalformedCommand)
                or nameof(ConnectionFault.FrameFlags) or nameof(ConnectionFault.CommandTooLarge) or nameof(ConnectionFault.UnknownCommand))
                .Select(row => (row.Data.Item1, row.Data.Item2, (byte[])[.. ZmtpBytes.Handshake, .. row.Data.Item3])))
            .ToArray();
        foreach (var endPoint in EndPointsOf(gateway))
        {
            foreach (var (_, _, bytes) in refused)
            {
                using var peer = await RawPeer.ConnectAsync(endPoint, Token);
                await peer.TrySendAsync(bytes);
                await peer.EndAsync();
                // It would be cut if it were silent for long.
                await AskAsync(bystander);
            }
        }

        var counts = await CountAsync(bystander, client);
        await InTimeAsync("the client's receipts", sending);
        (await InTimeAsync("the client's messages", client.TakeAsync("q", 2_000))).ShouldBe(ProcessMessages.Numbered(2_000));
        foreach (var fault in refused.GroupBy(row => row.Item1)) counts[fault.Key].ShouldBe(2 * fault.Count(), fault.Key);
        gateway.Process.Output.ShouldContain("from 127.0.0.1:");
        gateway.Process.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Mutated_streams_do_not_disturb_a_gateway()
    {
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Links:ConnectionsPerAddressMax"] = "1000" }, "local")[0];
        await gateway.StartReadyAsync(Token);
        var client = NewClient(gateway);
        using var bystander = await SayHelloAsync(gateway);
        var mutator = new ZmtpMutator(Seed);
        var endPoints = EndPointsOf(gateway);
        for (var i = 0; i < Connections; i += AtOnce)
        {
            // Reading the answers ends with them: a peer that is not cut leaves by itself.
            await Task.WhenAll(Enumerable.Range(i, AtOnce).Select(number => SendAsync(endPoints[number % 2], mutator.Next())));
            await AskAsync(bystander);
            if (i % 200 == 0) await InTimeAsync("a receipt", client.SendAsync("q@local", "between").AsTask());
        }

        (await CountAsync(bystander, client))["accepted"].ShouldBeGreaterThan(Connections);
        gateway.Process.Ended.IsCompleted.ShouldBeFalse();
        gateway.Process.Errors.ShouldBeEmpty();
    }

    [Fact]
    [Needs("prlimit")]
    public async Task Of_more_connections_than_the_process_has_handles_for_the_first_make_room_in_time()
    {
        // None of them says hello; none is to be cut for that while they come.
        var gateway = NewGateways(new Dictionary<string, string> { ["Gateway:Connections:HandshakeTimeout"] = "00:01:00" }, "local")[0];
        gateway.Start(Tool.Prlimit, "--nofile=440");
        await gateway.WaitUntilReadyAsync(Token);
        var client = NewClient(gateway);
        await InTimeAsync("a receipt", client.SendAsync("q@local", "before").AsTask());

        var peers = new List<RawPeer>();
        for (var i = 0; i < 600; i++)
        {
            peers.Add(await RawPeer.ConnectAsync(EndPointsOf(gateway)[i % 2], Token));
            await peers[^1].TrySendAsync(ZmtpBytes.Handshake);
        }

        await UntilAsync("both endpoints make room", () => Said($"{gateway.Settings.IntakePort}: {nameof(ConnectionFault.MadeRoom)}")
            && Said($"{gateway.Settings.LinksPort}: {nameof(ConnectionFault.MadeRoom)}"));
        await InTimeAsync("a receipt meanwhile", client.SendAsync("q@local", "meanwhile").AsTask());
        foreach (var peer in peers) peer.Dispose();
        (await InTimeAsync("the messages", client.TakeAsync("q", 2))).ShouldBe(["before", "meanwhile"]);
        gateway.Process.Output.ShouldContain("too few handles");
        gateway.Process.Errors.ShouldBeEmpty();

        bool Said(string words) => gateway.Process.Output.Contains(words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peers_that_read_nothing_and_messages_that_do_not_end_fit_into_little_memory()
    {
        const int megabyte = 1024 * 1024;
        var gateway = NewGateways("local")[0];
        gateway.Start("env", "DOTNET_GCHeapHardLimit=0x10000000");
        await gateway.WaitUntilReadyAsync(Token);
        var client = NewClient(gateway);
        using var bystander = await SayHelloAsync(gateway);
        var deaf = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => SayHelloAsync(gateway)));
        byte[] ping = [.. ZmtpBytes.Frame(1, "PING"u8.ToArray()), .. ZmtpBytes.Frame(0, new byte[megabyte])];
        var sending = deaf.Select(async peer =>
        {
            while (await peer.TrySendAsync(ping))
            {
                // Until it is cut, for the answers that it does not take.
            }
        }).ToList();
        await UntilAsync("some are given up", async () => (await CountAsync(bystander, client))
            .GetValueOrDefault(nameof(ConnectionFault.GivenUp)) > 0);

        var unfinished = await Task.WhenAll(Enumerable.Range(0, 150).Select(_ => SayHelloAsync(gateway)));
        sending.AddRange(unfinished.Select(peer => peer.TrySendAsync([.. ZmtpBytes.LongHeader(2, megabyte), .. new byte[megabyte - 1]])));
        await InTimeAsync("receipts meanwhile", client.SendAllAsync("q@local", ProcessMessages.Numbered(200)));

        foreach (var peer in unfinished.Concat(deaf)) peer.Dispose();
        await Task.WhenAll(sending);
        (await InTimeAsync("the messages", client.TakeAsync("q", 200))).ShouldBe(ProcessMessages.Numbered(200));
        gateway.Process.Errors.ShouldBeEmpty();
    }

    private static async Task SendAsync(IPEndPoint to, byte[] bytes)
    {
        using var peer = await RawPeer.ConnectAsync(to, Token);
        await peer.TrySendAsync(bytes);
        peer.Finish();
        await peer.EndAsync();
    }

    private static async Task<RawPeer> SayHelloAsync(TestGateway gateway)
    {
        var peer = await RawPeer.ConnectReadyAsync(EndPointsOf(gateway)[0], Token);
        await peer.SendAsync(ZmtpBytes.Message("HELLO", "1", "bystander"));
        (await peer.ReceiveMessageAsync())[0].ShouldBe("WELCOME"u8.ToArray());
        return peer;
    }

    /// <summary>It is answered on the same connection as ever.</summary>
    private static async Task AskAsync(RawPeer peer)
    {
        await peer.SendAsync(_ready);
        (await peer.ReceiveMessageAsync())[0].ShouldBe("READY"u8.ToArray());
    }

    /// <summary>The fate of connections, after one more answer to the bystander.</summary>
    private static async Task<IReadOnlyDictionary<string, long>> CountAsync(RawPeer bystander, GatewayClient client)
    {
        await AskAsync(bystander);
        return (await OperatorView.StateAsync(client, Token)).Connections;
    }

    private static int Setting(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;

    /// <summary>For applications, and for peers.</summary>
    private static IPEndPoint[] EndPointsOf(TestGateway gateway) =>
        [new(IPAddress.Loopback, gateway.Settings.IntakePort), new(IPAddress.Loopback, gateway.Settings.LinksPort)];
}
