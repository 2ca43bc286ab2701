using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport.Accepting;
using Microsoft.Extensions.Logging.Abstractions;
using NetMQ;
using NetMQ.Sockets;
using Shouldly;
using Xunit;
using static Gateway.Tests.Crash.ProcessTest;

namespace Gateway.Tests.Transport.Accepting;

/// <summary>Connections behind a front door, made by NetMQ sockets and others.</summary>
public sealed class AcceptedConnectionsTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frames_ArriveAndAreAnswered()
    {
        await using var echo = await EchoDoor.OpenAsync();
        using var dealer = Connect(echo);
        dealer.SendMoreFrame("a").SendFrame("b");

        Receive(dealer).ShouldBe(["a", "b"]);
        echo.Received.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Packed_IsTakenMessageByMessage_AndAnsweredPacked()
    {
        await using var echo = await EchoDoor.OpenAsync();
        using var dealer = Connect(echo);
        byte[] packed = [.. ZmtpBytes.Message("a", "b"), .. ZmtpBytes.Message("c")];

        dealer.SendMoreFrame("PACKED").SendFrame(packed);

        dealer.ReceiveMultipartBytes().ShouldSatisfyAllConditions(
            answer => answer[0].ShouldBe("PACKED"u8.ToArray()),
            answer => answer[1].ShouldBe(packed));
        echo.Received.Select(message => message.Frames.Length).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task Packed_ThatIsMalformed_EndsInAMessageWithoutFrames()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var dealer = Connect(echo);

        dealer.SendMoreFrame("PACKED").SendFrame([.. ZmtpBytes.Message("a"), 1, 200, 7]);
        await UntilAsync("they have arrived", () => echo.Received.Count == 2);

        echo.Received.Select(message => message.Frames.Length).ShouldBe([1, 0]);
    }

    [Fact]
    public async Task APeer_ThatSendsFasterThanTheLoopTakes_IsHeldBack_AndNothingIsLost()
    {
        const int messages = 120;
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        using var gate = new ManualResetEventSlim();
        await peer.SendAsync(ZmtpBytes.Message("first"));
        await UntilAsync("they have arrived", () => echo.Received.Count == 1);
        await echo.BlockAsync(gate);

        var sent = 0;
        var sending = Task.Run(
            async () =>
            {
                for (; sent < messages; sent++) await peer.SendAsync(ZmtpBytes.Frame(0, new byte[1024 * 1024]));
            },
            Cancel);
        await UntilItStandsStill(() => Volatile.Read(ref sent));
        Volatile.Read(ref sent).ShouldBeInRange(32, messages - 1);
        gate.Set();
        await sending;
        await UntilAsync("they have arrived", () => echo.Received.Count == 1 + messages);

        echo.Lost.ShouldBeEmpty();
    }

    [Fact]
    public async Task TheSocketOfAPeer_Closes_TheConnectionIsReportedLost_AfterWhatItSentBefore()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using (var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel))
        {
            for (var i = 0; i < 100; i++) await peer.SendAsync(ZmtpBytes.Message("a", "b"));
        }

        await UntilAsync("they are lost", () => !echo.Lost.IsEmpty);

        echo.Received.Count.ShouldBe(100);
        echo.Lost.ShouldBe([echo.Received.First().Connection]);
    }

    [Theory]
    [InlineData(false, "ClosedByPeer")]
    [InlineData(true, "ResetByPeer")]
    public async Task APeer_Ends_HowItEndedIsReported(bool isReset, string cause)
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await peer.SendAsync(ZmtpBytes.Message("a"));
        await UntilAsync("they have arrived", () => !echo.Received.IsEmpty);

        if (isReset) peer.Reset();
        else peer.Finish();
        await UntilAsync("they are lost", () => !echo.Lost.IsEmpty);

        echo.Ends[echo.Lost.ShouldHaveSingleItem()].Cause.ToString().ShouldBe(cause);
    }

    [Fact]
    public async Task WhatASocketSent_BeforeItWasClosed_IsReceived()
    {
        // NetMQ resets its connections when it closes them.
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        var dealer = Connect(echo);
        dealer.Options.Linger = _patience;
        for (var i = 0; i < 100; i++) dealer.SendFrame("a");
        dealer.Dispose();

        await UntilAsync("they are lost", () => !echo.Lost.IsEmpty);

        echo.Received.Count.ShouldBe(100);
    }

    [Fact]
    public async Task Send_ToAConnectionThatIsGone_IsNothing()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await peer.SendAsync(ZmtpBytes.Message("a"));
        peer.Finish();
        await UntilAsync("they are lost", () => !echo.Lost.IsEmpty);
        peer.Dispose();

        await echo.SendAsync(echo.Lost.Single(), [1]);

        echo.Lost.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task AFrame_ThatIsTooLarge_CostsItsSenderTheConnection_AndNobodyElse()
    {
        await using var echo = await EchoDoor.OpenAsync();
        using var other = Connect(echo);
        other.SendFrame("a");
        Receive(other);
        using var dealer = Connect(echo);
        dealer.Options.ReconnectInterval = TimeSpan.FromMilliseconds(-1);
        dealer.SendFrame("b");
        Receive(dealer);

        dealer.SendFrame(new byte[EchoDoor.Defaults.Zmtp.FrameBytesMax + 1]);
        await UntilAsync("they are lost", () => !echo.Lost.IsEmpty);

        echo.Lost.ShouldBe([echo.Received.Last().Connection]);
        other.SendFrame("c");
        Receive(other).ShouldBe(["c"]);
        echo.Received.Last().Connection.ShouldBe(echo.Received.First().Connection);
    }

    [Fact]
    public async Task APeer_WhoReadsNothing_IsCutAmidItsMessages_AndNobodyElseIsKeptWaiting()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var other = Connect(echo);
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        byte[] messages = [.. Enumerable.Repeat(ZmtpBytes.Message("a", "b", "c"), 10_000).SelectMany(bytes => bytes)];
        await peer.SendAsync(messages);
        await UntilAsync("they have arrived", () => !echo.Received.IsEmpty);
        var connection = echo.Received.First().Connection;

        // More is always on its way in when the router finds the connection full.
        var sending = Task.Run(
            async () =>
            {
                while (true) await peer.SendAsync(messages);
            },
            Cancel);
        for (var frame = new byte[100_000]; echo.Lost.IsEmpty;) await echo.SendAsync(connection, frame);
        await Should.ThrowAsync<SocketException>(sending);

        other.SendMoreFrame("d").SendFrame("e");
        await UntilAsync("they have arrived", () => echo.Received.Last().Connection != connection);
        echo.Received.Last().Frames.Select(Encoding.UTF8.GetString).ShouldBe(["d", "e"]);
    }

    [Fact]
    public async Task Thousands_OfMessages_WaitForAPeerThatReadsLater()
    {
        await using var echo = await EchoDoor.OpenAsync(isSilent: true);
        using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
        await peer.SendAsync(ZmtpBytes.Message("a"));
        await UntilAsync("they have arrived", () => !echo.Received.IsEmpty);
        var connection = echo.Received.First().Connection;

        var frame = new byte[1000];
        for (var i = 0; i < 30_000; i++) await echo.SendAsync(connection, frame);
        for (var i = 0; i < 30_000; i++) (await peer.ReceiveMessageAsync()).ShouldHaveSingleItem().Length.ShouldBe(1000);

        echo.Lost.ShouldBeEmpty();
    }

    [Fact]
    public async Task AnIdentity_OfAnother_IsNotGiven()
    {
        await using var echo = await EchoDoor.OpenAsync();
        using var first = Connect(echo, "me");
        using var second = Connect(echo, "me");
        first.SendFrame("first");
        Receive(first).ShouldBe(["first"]);
        second.SendFrame("second");

        Receive(second).ShouldBe(["second"]);
        echo.Received.Select(received => received.Connection).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Hundreds_OfConnections_InTurn_LeaveNothingBehind()
    {
        await using var echo = await EchoDoor.OpenAsync();
        for (var i = 0; i < 300; i++)
        {
            using var peer = await RawPeer.ConnectReadyAsync(echo.EndPoint, Cancel);
            await peer.SendAsync([0, 1, 7]);
            (await peer.ReceiveAsync(3)).ShouldBe([0, 1, 7]);
        }

        await UntilAsync("they are lost", () => echo.Lost.Count == 300);
        echo.Lost.Distinct().Count().ShouldBe(300);
    }

    [Fact]
    public async Task AnAddress_ThatIsTaken_CannotBeListenedOn()
    {
        await using var echo = await EchoDoor.OpenAsync();
        using var second = new KestrelDoor(echo.Address, _ => Task.CompletedTask, NullLoggerFactory.Instance);

        var failure = await Should.ThrowAsync<ListenFailedException>(second.StartAsync());

        failure.Message.ShouldContain(echo.Address);
        failure.Message.ShouldContain("in use");
    }

    [Fact]
    public async Task AllAddresses_AreListenedOn()
    {
        using var door = new KestrelDoor("tcp://*:0", _ => Task.CompletedTask, NullLoggerFactory.Instance);
        await door.StartAsync();

        IPEndPoint.Parse(door.Address["tcp://".Length..]).Port.ShouldBeGreaterThan(0);

        await door.StopAsync(Cancel);
    }

    private static DealerSocket Connect(EchoDoor echo, string? identity = null)
    {
        var dealer = new DealerSocket();
        dealer.Options.Linger = TimeSpan.Zero;
        if (identity is not null) dealer.Options.Identity = System.Text.Encoding.ASCII.GetBytes(identity);
        dealer.Connect(echo.Address);
        return dealer;
    }

    private static List<string> Receive(DealerSocket dealer)
    {
        var answer = new NetMQMessage();
        dealer.TryReceiveMultipartMessage(_patience, ref answer!).ShouldBeTrue("nothing was received");
        return [.. answer.Select(frame => frame.ConvertToString())];
    }

    /// <summary>Until a number has not grown for so many looks at it.</summary>
    private static async Task UntilItStandsStill(Func<int> number)
    {
        var looks = 0;
        var last = 0;
        await UntilAsync("it has happened", () =>
        {
            looks = number() is var now && now == last && now > 0 ? looks + 1 : 0;
            last = now;
            return looks == 20;
        });
    }
}
