using System.Net;
using System.Net.Sockets;
using System.Text;
using Gateway.Links.Protocol;
using Gateway.Tests.Transport.Zmtp;
using Gateway.Transport;
using Gateway.Transport.Dialing;
using Microsoft.Extensions.Time.Testing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

public sealed class DialerTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_Listens_IsRefused()
    {
        using var bound = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        bound.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var (cause, evidence) = await Dial(((IPEndPoint)bound.LocalEndPoint!).Port)
            .RunAsync(new NoSocket(), new ConnectionDrill(TimeProvider.System), new DialProgress(), Cancel);

        cause.ShouldBe(LinkCause.Refused);
        evidence.ShouldContain("ConnectionRefused");
    }

    [Fact]
    public async Task AName_ThatDoesNotExist_IsNotResolved()
    {
        var (cause, evidence) = await Dial("no-such-host.invalid", 7421, _patience)
            .RunAsync(new NoSocket(), new ConnectionDrill(TimeProvider.System), new DialProgress(), Cancel);

        cause.ShouldBe(LinkCause.NameNotResolved);
        evidence.ShouldContain("no-such-host.invalid");
    }

    [Fact]
    [NotUnderWine("a full queue of Wine's listeners leaves connects without an answer, as on Linux")]
    public async Task AHost_ThatDoesNotAnswer_IsConnectTimeout()
    {
        // A listener whose queue is full leaves further connects without an answer; on Windows it refuses them.
        using var listener = Listen(backlog: 0);
        var waiting = new List<Socket>();
        try
        {
            for (var i = 0; i < 3; i++)
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                waiting.Add(socket);
                var connecting = socket.ConnectAsync(listener.LocalEndPoint!, Cancel);
                if (i == 0) await connecting;
            }

            var (cause, _) = await Dial("127.0.0.1", PortOf(listener), TimeSpan.FromMilliseconds(200))
                .RunAsync(new NoSocket(), new ConnectionDrill(TimeProvider.System), new DialProgress(), Cancel);

            cause.ShouldBe(OperatingSystem.IsWindows() ? LinkCause.Refused : LinkCause.ConnectTimeout);
        }
        finally
        {
            foreach (var socket in waiting) socket.Dispose();
        }
    }

    [Fact]
    public async Task ThePeer_Closes_IsClosedByPeer()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        spliced.Remote.Shutdown(SocketShutdown.Both);

        (await spliced.Ended).Cause.ShouldBe(LinkCause.ClosedByPeer);
    }

    [Fact]
    [NotUnderWine("Wine ends a connection in order that is to be reset")]
    public async Task ThePeer_Resets_IsResetByPeer()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        spliced.Remote.LingerState = new LingerOption(enable: true, seconds: 0);
        spliced.Remote.Dispose();

        var (cause, evidence) = await spliced.Ended;
        cause.ShouldBe(LinkCause.ResetByPeer);
        evidence.ShouldContain("ConnectionReset");
    }

    [Fact]
    public async Task TheOwnSocket_GivesUp_IsWrongService()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        spliced.Own.Dispose();

        (await spliced.Ended).Cause.ShouldBe(LinkCause.WrongService);
    }

    [Fact]
    public async Task HungUp_IsNoCause_AndBothSidesAreClosed()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        await spliced.Cancellation.CancelAsync();

        (await spliced.Ended).Cause.ShouldBe(LinkCause.None);
        await ReadToEndAsync(spliced.Remote);
        await ReadToEndAsync(spliced.Own);
    }

    [Fact]
    public async Task LargeTransfers_BothWaysAtOnce_ArriveAsTheyWere()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        byte[] out1 = [.. ZmtpBytes.LongHeader(2, 8_000_000), .. Bytes(1, 8_000_000)];
        byte[] in1 = [.. ZmtpBytes.LongHeader(2, 9_000_000), .. Bytes(2, 9_000_000)];

        var sends = Task.WhenAll(SendAsync(spliced.Own, out1), SendAsync(spliced.Remote, in1));
        var received = await Task.WhenAll(ReceiveAsync(spliced.Remote, out1.Length), ReceiveAsync(spliced.Own, in1.Length));
        await sends;

        received[0].AsSpan().SequenceEqual(out1).ShouldBeTrue();
        received[1].AsSpan().SequenceEqual(in1).ShouldBeTrue();
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "NotZmtp")]
    [InlineData("", "")]
    public async Task WhatAnswers_DoesNotSpeakZmtp_IsSaidSo(string answer, string fault)
    {
        using var listener = Listen();
        var ended = Dial("127.0.0.1", PortOf(listener), _patience, answer.Length > 0 ? null : TimeSpan.FromMilliseconds(100))
            .RunAsync(new NoSocket(), new ConnectionDrill(TimeProvider.System), new DialProgress(), Cancel);
        using var remote = await listener.AcceptAsync(Cancel);
        await SendAsync(remote, Encoding.ASCII.GetBytes(answer));

        var (cause, evidence) = await ended.WaitAsync(_patience, Cancel);

        cause.ShouldBe(answer.Length > 0 ? LinkCause.WrongService : LinkCause.PeerSilent);
        evidence.ShouldContain(answer.Length > 0 ? fault : "did not complete the ZMTP handshake within 0.1 s; not one byte came");
    }

    [Fact]
    public async Task AFrame_ThatIsMalformed_IsWrongService_AndIsNotPassedOn()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        await SendAsync(spliced.Remote, [4, 0]);

        var (cause, evidence) = await spliced.Ended;
        cause.ShouldBe(LinkCause.WrongService);
        evidence.ShouldContain("MalformedCommand");
        await ReadToEndAsync(spliced.Own);
    }

    [Fact]
    [NotUnderWine("Wine ends a connection in order that is to be reset")]
    public async Task ADrillsReset_IsResetByPeer_ToBothSides()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        spliced.Drill.Begin(DrillKind.Reset, TimeSpan.Zero);

        var (cause, evidence) = await spliced.Ended;
        cause.ShouldBe(LinkCause.ResetByPeer);
        evidence.ShouldContain("ConnectionReset");
        var read = async () => await spliced.Remote.ReceiveAsync(new byte[1], Cancel);
        (await read.ShouldThrowAsync<SocketException>()).SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
    }

    [Fact]
    public async Task ADrillsKill_IsClosedByPeer_AndAnOrderlyEndToThePeer()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        spliced.Drill.Begin(DrillKind.Kill, TimeSpan.Zero);

        (await spliced.Ended).Cause.ShouldBe(LinkCause.ClosedByPeer);
        (await spliced.Remote.ReceiveAsync(new byte[1], Cancel)).ShouldBe(0);
    }

    [Fact]
    public async Task ADrillsHalfOpen_LetsNothingThrough_NotEvenTheEnd_UntilItIsHungUp()
    {
        await using var spliced = await Splice.OpenAsync(Cancel);
        spliced.Drill.Begin(DrillKind.HalfOpen, TimeSpan.Zero);

        await SendAsync(spliced.Remote, ZmtpBytes.Frame(0, [1]));
        await SendAsync(spliced.Own, ZmtpBytes.Frame(0, [2]));
        spliced.Remote.Shutdown(SocketShutdown.Send);
        await spliced.Cancellation.CancelAsync();

        (await spliced.Ended).Cause.ShouldBe(LinkCause.None);
        await ReadToEndAsync(spliced.Remote);
        await ReadToEndAsync(spliced.Own);
    }

    [Fact]
    public async Task ADrillsStall_HoldsEverythingBack_AndLetsItThroughWhenItIsOver()
    {
        var time = new FakeTimeProvider();
        await using var spliced = await Splice.OpenAsync(Cancel, time);
        spliced.Drill.Begin(DrillKind.Stall, TimeSpan.FromSeconds(3));

        var (inward, outward) = (ZmtpBytes.Frame(0, [1]), ZmtpBytes.Frame(0, [2]));
        await SendAsync(spliced.Remote, inward);
        await SendAsync(spliced.Own, outward);
        var received = Task.WhenAll(ReceiveAsync(spliced.Remote, outward.Length), ReceiveAsync(spliced.Own, inward.Length));
        time.Advance(TimeSpan.FromSeconds(2));
        received.IsCompleted.ShouldBeFalse();
        time.Advance(TimeSpan.FromSeconds(1));

        (await received.WaitAsync(_patience, Cancel)).ShouldBe([outward, inward]);
    }

    private static Dialer Dial(int port) => Dial("127.0.0.1", port, _patience);

    private static Dialer Dial(string host, int port, TimeSpan connectTimeout, TimeSpan? handshakeTimeout = null) => new(
        host,
        port,
        new DialSettings(connectTimeout, handshakeTimeout ?? _patience),
        new ConnectionRounds(new ConnectionPatience(_patience, _patience), TimeProvider.System),
        new FrontDoorCounters(),
        TimeProvider.System);

    private static Socket Listen(int backlog = 10)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(backlog);
        return listener;
    }

    private static int PortOf(Socket socket) => ((IPEndPoint)socket.LocalEndPoint!).Port;

    private static byte[] Bytes(int seed, int count)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static async Task SendAsync(Socket socket, byte[] bytes)
    {
        for (var sent = 0; sent < bytes.Length;) sent += await socket.SendAsync(bytes.AsMemory(sent), Cancel);
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, int count)
    {
        var bytes = new byte[count];
        for (var received = 0; received < count;)
        {
            var more = await socket.ReceiveAsync(bytes.AsMemory(received), Cancel);
            more.ShouldBeGreaterThan(0);
            received += more;
        }

        return bytes;
    }

    private static async Task ReadToEndAsync(Socket socket)
    {
        try
        {
            (await socket.ReceiveAsync(new byte[1], Cancel)).ShouldBe(0);
        }
        catch (SocketException e)
        {
            e.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
        }
    }

    /// <summary>A dialer at work between a remote peer and what stands for this process's own socket.</summary>
    private sealed class Splice : IAsyncDisposable
    {
        private const int HandshakeBytes = 107;

        public required Socket Remote { get; init; }

        public required Socket Own { get; init; }

        public required Task<(LinkCause Cause, string Evidence)> Ended { get; init; }

        public required ConnectionDrill Drill { get; init; }

        public required CancellationTokenSource Cancellation { get; init; }

        public static async Task<Splice> OpenAsync(CancellationToken cancellationToken, TimeProvider? time = null)
        {
            using var listener = Listen();
            var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var drill = new ConnectionDrill(time ?? TimeProvider.System);
            var own = new FakeInnerSocket();
            var ended = Dial(PortOf(listener)).RunAsync(own, drill, new DialProgress(), cancellation.Token);
            var remote = await listener.AcceptAsync(cancellationToken);
            await SendAsync(remote, [.. ZmtpBytes.Greeting, .. ZmtpBytes.Router]);
            (await ReceiveAsync(remote, HandshakeBytes)).AsSpan().EndsWith(ZmtpBytes.Dealer).ShouldBeTrue();
            var socket = await own.Socket;
            (await ReceiveAsync(socket, ZmtpBytes.Router.Length)).ShouldBe(ZmtpBytes.Router);
            return new Splice
            {
                Remote = remote,
                Own = socket,
                Drill = drill,
                Ended = ended.WaitAsync(_patience, cancellationToken),
                Cancellation = cancellation
            };
        }

        public async ValueTask DisposeAsync()
        {
            Remote.Dispose();
            Own.Dispose();
            await Cancellation.CancelAsync();
            await Ended;
            Cancellation.Dispose();
        }
    }

    /// <summary>For attempts that do not come so far.</summary>
    private sealed class NoSocket : IInnerSocket
    {
        public InnerFlow Flow { get; } = new();

        public bool IsHeldUp => false;

        public Task<StreamPipes> OpenAsync(CancellationToken cancellationToken) =>
            throw new InvalidOperationException("there was nothing to open it for");
    }
}
