using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Transport.Accepting;

/// <summary>Acts of a peer from which the gateway protects itself and other peers.</summary>
public sealed class FrontDoorTests
{
    private static readonly TimeSpan _short = TimeSpan.FromMilliseconds(150);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TooManyConnections_AreRefused_UntilOneEnds()
    {
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with { ConnectionsMax = 2 });
        var first = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        using var second = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await EchoesAsync(first);
        await EchoesAsync(second);
        using (var third = await RawPeer.ConnectAsync(echo.EndPoint, Cancel)) await third.EndAsync();

        await CutAsync(echo, ConnectionFault.TooManyConnections);
        await EchoesAsync(second);
        first.Dispose();
        await UntilAsync("there is room again", async () =>
        {
            using var another = await RawPeer.ConnectAsync(echo.EndPoint, Cancel);
            return await another.TrySendAsync(ZmtpBytes.Handshake) && await another.TryReceiveAsync();
        });
    }

    [Fact]
    public async Task TooManyConnections_OfOneAddress_LeaveRoomForOthers()
    {
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with { ConnectionsPerAddressMax = 1 });
        using var first = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await EchoesAsync(first);
        using (var second = await RawPeer.ConnectAsync(echo.EndPoint, Cancel)) await second.EndAsync();

        await CutAsync(echo, ConnectionFault.TooManyFromAddress);
        await EchoesAsync(first);
    }

    [Theory]
    [InlineData(2, 100)]
    [InlineData(100, 2)]
    public async Task ConnectionsThatHaveNotIdentifiedThemselves_MakeRoom_TheOldestFirst_AndKnownOnesStay(int max, int perAddress)
    {
        await using var echo = await EchoDoor.OpenAsync(
            EchoDoor.Defaults with { ConnectionsMax = max, ConnectionsPerAddressMax = perAddress });
        using var known = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await EchoesAsync(known);
        using var inHandshake = await RawPeer.ConnectAsync(echo.EndPoint, Cancel);
        await inHandshake.SendAsync(ZmtpBytes.Greeting);
        await inHandshake.ReceiveAsync(64);

        using var silent = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await inHandshake.EndAsync();
        using var later = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await silent.EndAsync();

        await EchoesAsync(later);
        await EchoesAsync(known);
        echo.Count(ConnectionFault.MadeRoom).ShouldBe(2);
        echo.Log.Lines.ShouldAllBe(line => line.Contains(": MadeRoom.", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(106)]
    public async Task AHandshake_ThatDoesNotEnd_IsCut(int bytes)
    {
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with { HandshakeTimeout = _short });
        using var peer = await RawPeer.ConnectAsync(echo.EndPoint, Cancel);
        await peer.SendAsync(ZmtpBytes.Handshake[..bytes]);

        await peer.EndAsync();

        await CutAsync(echo, ConnectionFault.HandshakeTimeout);
    }

    [Fact]
    public async Task AMessage_ThatComesByteByByte_IsCut_ThoughEachByteComesSoon()
    {
        await using var echo = await EchoDoor.OpenAsync(Impatient(message: _short));
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await peer.SendAsync([1, 1]);
        while (await peer.TrySendAsync([1]) && await peer.TrySendAsync([1])) await Task.Delay(_short / 10, Cancel);

        await CutAsync(echo, ConnectionFault.Trickle);
    }

    [Theory]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 4, 7, 4, (byte)'P' })]
    [InlineData(new byte[] { 1, 1, 7 })]
    [InlineData(new byte[] { 0, 10, 7 })]
    public async Task WhatIsBegun_AndNotEnded_IsCut(byte[] begun)
    {
        await using var echo = await EchoDoor.OpenAsync(Impatient(message: _short));
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await peer.SendAsync(begun);

        await peer.EndAsync();

        await CutAsync(echo, ConnectionFault.Trickle);
    }

    [Fact]
    public async Task SilenceBetweenMessages_IsNoFault()
    {
        await using var echo = await EchoDoor.OpenAsync(Impatient(message: _short));
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await EchoesAsync(peer);

        // Others that began something are cut in the meantime, one after the other: it was silent for three times as long as they were
        // allowed.
        for (var turn = 0; turn < 3; turn++)
        {
            using var other = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
            await other.SendAsync([0]);
            await other.EndAsync();
        }

        await EchoesAsync(peer);
    }

    [Fact]
    public async Task APeer_ThatReadsNothing_IsCut_AndOthersGoOn()
    {
        await using var echo = await EchoDoor.OpenAsync(
            EchoDoor.Defaults with { Patience = new ConnectionPatience(TimeSpan.FromMinutes(1), _short) });
        using var other = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await EchoesAsync(peer);
        byte[] message = [.. ZmtpBytes.LongHeader(2, 500_000), .. new byte[500_000]];
        while (await peer.TrySendAsync(message))
        {
            // Until it is cut.
        }

        await CutAsync(echo, ConnectionFault.SlowReader);
        await EchoesAsync(other);
    }

    [Fact]
    public async Task AFlood_OfPings_IsCut()
    {
        await using var echo = await EchoDoor.OpenAsync();
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        var pings = Enumerable.Repeat(ZmtpBytes.Command([.. "\u0004PING"u8, 0, 0]), 1500).SelectMany(ping => ping).ToArray();

        await peer.TrySendAsync(pings);

        await CutAsync(echo, ConnectionFault.CommandFlood);
    }

    [Fact]
    public async Task APing_IsAnswered_WithItsContext()
    {
        await using var echo = await EchoDoor.OpenAsync();
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await peer.SendAsync(ZmtpBytes.Command([.. "\u0004PING"u8, 0, 0, 1, 2, 3]));

        (await peer.ReceiveAsync(10)).ShouldBe(ZmtpBytes.Command([.. "\u0004PONG"u8, 1, 2, 3]));
    }

    [Fact]
    public async Task ASilentPeer_IsAsked_AndCutWhenItDoesNotAnswer()
    {
        await using var echo = await EchoDoor.OpenAsync(
            EchoDoor.Defaults with { Patience = EchoDoor.Defaults.Patience with { Heartbeat = _short, Silence = 5 * _short } });
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        var ping = ZmtpBytes.Command([.. "\u0004PING"u8, 0, 0]);
        for (var i = 0; i < 5; i++)
        {
            (await peer.ReceiveAsync(ping.Length)).ShouldBe(ping);
            await peer.SendAsync(ZmtpBytes.Command([.. "\u0004PONG"u8]));
        }

        echo.Log.Lines.ShouldBeEmpty();
        (await peer.ReceiveAsync(ping.Length)).ShouldBe(ping);
        await peer.EndAsync();

        await CutAsync(echo, ConnectionFault.Silent);
    }

    [Fact]
    public async Task Pings_ComeBetweenFrames_NotWithin()
    {
        await using var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with
        { Patience = EchoDoor.Defaults.Patience with { Heartbeat = TimeSpan.FromMilliseconds(1), Silence = TimeSpan.FromMinutes(1) } });
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        for (var i = 0; i < 200; i++)
        {
            var text = new string((char)('a' + (i % 26)), 1 + (i * 337));
            await peer.SendAsync(ZmtpBytes.Message(text, "end"));
            (await peer.ReceiveMessageAsync()).Select(System.Text.Encoding.ASCII.GetString).ShouldBe([text, "end"]);
        }
    }

    [Fact]
    public async Task WhatAFaultFollows_StillArrives_AndTheFaultDoesNot()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await peer.SendAsync([.. ZmtpBytes.Message("good"), 4, 0, .. ZmtpBytes.Message("bad")]);

        await peer.EndAsync();

        await CutAsync(echo, ConnectionFault.MalformedCommand);
        await UntilAsync("the router knows", () => Task.FromResult(!echo.Lost.IsEmpty));
        echo.Received.ShouldHaveSingleItem().Frames.ShouldHaveSingleItem().ShouldBe("good"u8.ToArray());
    }

    [Fact]
    public async Task AStop_DoesNotWaitForAHandshake()
    {
        var echo = await EchoDoor.OpenAsync(EchoDoor.Defaults with { HandshakeTimeout = TimeSpan.FromMinutes(5) });
        using var peer = await RawPeer.ConnectAsync(echo.EndPoint, Cancel);
        await peer.SendAsync(ZmtpBytes.Greeting);
        await peer.ReceiveAsync(64);

        await echo.DisposeAsync();

        await peer.EndAsync();
        echo.Log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhoeverLooksWhetherThePortIsOpen_IsNoWarning()
    {
        await using var echo = await EchoDoor.OpenAsync();
        (await RawPeer.ConnectAsync(echo.EndPoint, Cancel)).Dispose();

        await UntilAsync("it is counted", () => Task.FromResult(echo.Count(ConnectionFault.HandshakeCut) == 1));
        echo.Log.Lines.ShouldBeEmpty();
    }

    private static FrontDoorSettings Impatient(TimeSpan message) =>
        EchoDoor.Defaults with { Patience = new ConnectionPatience(message, TimeSpan.FromMinutes(1)) };

    /// <summary>It is counted once, and told in one line.</summary>
    private static async Task CutAsync(EchoDoor echo, ConnectionFault fault)
    {
        await UntilAsync($"{fault} is counted", () => Task.FromResult(echo.Count(fault) > 0));
        await UntilAsync($"{fault} is logged", () => Task.FromResult(!echo.Log.Lines.IsEmpty));
        echo.Count(fault).ShouldBe(1);
        echo.Log.Lines.ShouldHaveSingleItem().ShouldContain($": {fault}.");
        echo.Log.Lines.Single().ShouldContain("from 127.0.0.1:");
    }

    private static async Task EchoesAsync(RawPeer peer)
    {
        await peer.SendAsync(ZmtpBytes.Message("hello"));
        (await peer.ReceiveAsync(7)).ShouldBe(ZmtpBytes.Message("hello"));
    }
}
