using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Transport;

/// <summary>The cost of a connection that has not identified itself, and of one that has.</summary>
public sealed class StrangerTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(300);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WhoeverSaysNothing_AfterTheHandshake_IsCut_AndWhoeverSaidHelloIsNot()
    {
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with { HandshakeTimeout = _short });
        using var known = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await known.SendAsync(ZmtpBytes.Message("hello"));
        (await known.ReceiveMessageAsync()).Count.ShouldBe(1);
        using var stranger = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);

        await stranger.EndAsync();

        echo.Count(ConnectionFault.NoHello).ShouldBe(1);
        await known.SendAsync(ZmtpBytes.Message("again"));
        (await known.ReceiveMessageAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task AMessage_LargerThanAStrangersMayBe_CostsTheConnection()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var stranger = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);

        await stranger.SendAsync(ZmtpBytes.LongHeader(2, ConnectionReader.StrangerBytes + 1));
        await stranger.EndAsync();

        echo.Count(ConnectionFault.FrameTooLarge).ShouldBe(1);
    }

    [Fact]
    [Kind(Kind.Slow)]
    public async Task AnswersToAStranger_WhoReadsNone_EndTheConnection()
    {
        await using var echo = await EchoDoor.OpenAsync();
        echo.Knows = _ => false;
        using var stranger = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        byte[] message = ZmtpBytes.Frame(0, new byte[60_000]);

        while (await stranger.TrySendAsync(message))
        {
            // Each is answered with as much.
        }

        await UntilAsync("it is given up", () => !echo.Lost.IsEmpty);
    }

    [Fact]
    public async Task OneThatHasShownAnUnknownToken_MakesRoomBeforeAnOlderOneThatHasShownNone()
    {
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with { ConnectionsPerAddressMax = 2 });
        (echo.Knows, echo.Refuses) = (_ => false, frames => frames[0].SequenceEqual("guess"u8.ToArray()));
        using var older = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        using var refused = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await refused.SendAsync(ZmtpBytes.Message("guess"));
        (await refused.ReceiveMessageAsync()).Count.ShouldBe(1);

        using var next = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);

        await refused.EndAsync();
        echo.Count(ConnectionFault.MadeRoom).ShouldBe(1);
        await older.SendAsync(ZmtpBytes.Message("here"));
        (await older.ReceiveMessageAsync()).Count.ShouldBe(1);
    }

    [Fact]
    public async Task UnfinishedMessages_ShareTheRoomThatThereIs_AndAllArriveInTheEnd()
    {
        const int peers = 12;
        const int bytes = 1_000_000;
        await using var echo = await EchoDoor.OpenAsync(
            isSilent: true, memory: new ConnectionMemory(new MemoryBudget(3 * bytes), new MemoryBudget(long.MaxValue)));
        byte[] message = [.. ZmtpBytes.LongHeader(2, bytes), .. new byte[bytes]];
        var open = new List<RawPeer>();
        for (var i = 0; i < peers; i++)
        {
            open.Add(await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel));
            await open[i].SendAsync(ZmtpBytes.Message("hello"));
        }

        await UntilAsync("all are known", () => echo.Received.Count == peers);
        // All begin, and none can hold what another needs to go on.
        foreach (var peer in open) await peer.SendAsync(message[..200_000]);
        await Task.WhenAll(open.Select(peer => peer.SendAsync(message[200_000..])));
        await UntilAsync("all have arrived", () => echo.Received.Count == 2 * peers);

        foreach (var peer in open) peer.Dispose();
    }

    [Fact]
    public async Task WhenTooMuchWaitsForAll_TheOneForWhichMostDoes_IsGivenUp()
    {
        await using var echo = await EchoDoor.OpenAsync(
            isSilent: true, memory: new ConnectionMemory(new MemoryBudget(long.MaxValue), new MemoryBudget(20_000_000)));
        using var reads = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        using var doesNot = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await reads.SendAsync(ZmtpBytes.Message("a"));
        await UntilAsync("it is known", () => echo.Received.Count == 1);
        await doesNot.SendAsync(ZmtpBytes.Message("b"));
        await UntilAsync("it is known", () => echo.Received.Count == 2);
        var (reader, other) = (echo.Received.First().Connection, echo.Received.Last().Connection);

        while (echo.Lost.IsEmpty) await echo.SendAsync(other, new byte[1_000_000]);

        echo.Lost.ShouldBe([other]);
        echo.Ends[other].Evidence.ShouldContain("reads none of the bytes");
        await echo.SendAsync(reader, [7]);
        (await reads.ReceiveMessageAsync()).ShouldHaveSingleItem().ShouldBe([7]);
    }
}
