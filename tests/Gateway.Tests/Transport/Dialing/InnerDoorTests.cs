using System.Net;
using System.Net.Sockets;
using Gateway.Transport;
using Gateway.Transport.Dialing;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Dialing;

/// <summary>Other processes of the host at the port by which NetMQ's sockets come back into this one.</summary>
public sealed class InnerDoorTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(30);

    private readonly FrontDoorCounters _counters = new();
    private readonly InnerDoor _door;
    private readonly LinkSockets _sockets;

    public InnerDoorTests()
    {
        _door = new InnerDoor(_counters, TimeProvider.System);
        _sockets = new LinkSockets(_door);
        _sockets.Start();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private IPEndPoint EndPoint => IPEndPoint.Parse(_door.Address["tcp://".Length..]);

    public void Dispose()
    {
        _sockets.Stop(_patience).ShouldBeTrue();
        _sockets.Dispose();
        _door.Dispose();
    }

    [Fact]
    [Kind(Kind.Slow)]
    public async Task AThousandThieves_WhoFillTheQueue_HearNothing_AndTheSocketsOwnConnectionIsTheOneThatIsTaken()
    {
        var thieves = new List<Socket>();
        for (var i = 0; i < 1000; i++) thieves.Add(await ConnectAsync(IPAddress.Loopback));
        var own = new LinkSocket(_sockets, new TakenAtOnce(_sockets));

        using (var inside = await own.OpenAsync(Cancel).WaitAsync(_patience, Cancel))
        {
            thieves.Select(thief => thief.LocalEndPoint).ShouldNotContain(((Socket)SocketOf(inside)).RemoteEndPoint);
        }

        foreach (var thief in thieves) await HeardNothingAsync(thief);
        _counters.Read()["Impostor"].ShouldBe(1000);
        own.Close(TimeSpan.Zero);
    }

    [Fact]
    public async Task TheSamePort_OfAnotherAddress_IsAnother()
    {
        using var stranger = await ConnectAsync(IPAddress.Parse("127.0.0.2"));
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        var claim = _door.TakeAsync(new IPEndPoint(IPAddress.Loopback, ((IPEndPoint)stranger.LocalEndPoint!).Port), limit.Token);

        await Should.ThrowAsync<OperationCanceledException>(claim);
    }

    [Fact]
    public async Task ThePort_CannotBeTaken_WhileTheGatewayRuns_WhateverBecomesOfAttempts()
    {
        var own = new LinkSocket(_sockets, new TakenAtOnce(_sockets));
        (await own.OpenAsync(Cancel).WaitAsync(_patience, Cancel)).Dispose();
        own.Close(TimeSpan.Zero);
        using var thief = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        thief.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);

        Should.Throw<SocketException>(() =>
        {
            thief.Bind(EndPoint);
            thief.Listen();
        }).SocketErrorCode.ShouldBe(OperatingSystem.IsWindows() ? SocketError.AccessDenied : SocketError.AddressAlreadyInUse);
    }

    [Fact]
    public async Task WhatTheSocketSends_BeforeItIsClosed_ComesOut()
    {
        var own = new LinkSocket(_sockets, new TakenAtOnce(_sockets));
        using var inside = await own.OpenAsync(Cancel).WaitAsync(_patience, Cancel);
        await inside.Output.WriteAsync(Zmtp.ZmtpBytes.Router, Cancel);
        for (byte i = 0; i < 100; i++) own.Send([i]);
        own.Close(_patience);

        for (byte i = 0; i < 100; i++)
        {
            var read = await inside.Input.ReadAtLeastAsync(3, Cancel);
            System.Buffers.BuffersExtensions.ToArray(read.Buffer.Slice(0, 3)).ShouldBe([0, 1, i]);
            inside.Input.AdvanceTo(read.Buffer.GetPosition(3));
        }
    }

    private static object SocketOf(StreamPipes pipes) => ((NetworkStream)pipes.Stream).Socket;

    private static async Task HeardNothingAsync(Socket thief)
    {
        using (thief)
        {
            try
            {
                (await thief.ReceiveAsync(new byte[1], Cancel).AsTask().WaitAsync(_patience, Cancel)).ShouldBe(0);
            }
            catch (SocketException e)
            {
                e.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
            }
        }
    }

    private async Task<Socket> ConnectAsync(IPAddress from)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(EndPoint, Cancel);
        return socket;
    }
}
