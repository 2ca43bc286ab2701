using Gateway.Client;
using NetMQ;
using NetMQ.Sockets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Crash;

/// <summary>Applications that want to be told of links, and read no more while much is to be told.</summary>
[Kind(Kind.Process)]
public sealed class StoppedWatcherTests : LinkTest
{
    private const int Watchers = 20;
    private const int Changes = 1_000;
    private const int Messages = 1_000;

    /// <summary>For an answer to a ping, on a machine that has other things to do.</summary>
    private static readonly TimeSpan _answerMax = TimeSpan.FromSeconds(2);

    /// <summary>The gateway's own limit for ending what is under way.</summary>
    private static readonly TimeSpan _stopMax = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Applications_that_watch_links_and_do_not_read_hold_up_nothing()
    {
        // A peer that refuses, so that each attempt is news.
        var gateway = NewGateways("near", Far)[0];
        await gateway.StartReadyAsync(Token);
        var watchers = Enumerable.Range(0, Watchers).Select(_ => Watch(gateway.Address)).ToList();
        var client = NewClient(gateway);
        await using (var prober = new LoopProber(gateway))
        {
            for (var i = 0; i < Changes; i++) await OperatorView.RetryAsync(client, Far);
            await FlowAsync(client);
            prober.Longest.ShouldBeLessThan(_answerMax);
        }

        await StopAsync(gateway);
        foreach (var watcher in watchers) watcher.Dispose();
    }

    /// <summary>The messages that others send and take meanwhile.</summary>
    private static async Task FlowAsync(GatewayClient client)
    {
        await client.SendAllAsync("q@near", ProcessMessages.Numbered(Messages));
        (await InTimeAsync("the messages", client.TakeAsync("q", Messages))).Count.ShouldBe(Messages);
    }

    private static async Task StopAsync(TestGateway gateway)
    {
        var began = TimeProvider.System.GetTimestamp();
        (await InTimeAsync("it stops", gateway.StopAsync())).ShouldBe(0);
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(_stopMax);
    }

    /// <summary>
    /// It has sent something to the peer, wants to hear of the link, and reads what comes until it is told so for the first time.
    /// </summary>
    private static DealerSocket Watch(string address)
    {
        var socket = new DealerSocket();
        socket.Options.ReceiveHighWatermark = 1;
        socket.Options.Linger = TimeSpan.Zero;
        socket.Connect(address);
        socket.SendMoreFrame("HELLO").SendMoreFrame("1").SendFrame("watcher");
        socket.SendMoreFrame("WATCH").SendFrame("w");
        socket.SendMoreFrame("ENQUEUE").SendMoreFrame("e").SendMoreFrame($"jobs@{Far}").SendMoreFrame("").SendMoreFrame("")
            .SendMoreFrame("").SendFrame("hello");
        while (socket.ReceiveMultipartStrings() is [not "PEER", ..])
        {
            // WELCOME, SETTLED, ACCEPTED.
        }

        return socket;
    }
}
