using System.Net;
using System.Net.Sockets;
using Gateway.Transport;
using NetMQ;
using NetMQ.Sockets;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport;

/// <summary>All sockets of a test live on its one thread, which polls until what is awaited has happened.</summary>
public sealed class RouterEndpointTests : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private readonly List<(string Connection, List<byte[]> Frames)> _received = [];
    private readonly List<string> _lost = [];
    private readonly string _address = $"tcp://127.0.0.1:{FreePort()}";
    private readonly RouterEndpoint _router;

    public RouterEndpointTests()
    {
        _router = new RouterEndpoint(_address, frameBytesMax: 1000, (connection, frames) => _received.Add((connection, frames)), _lost.Add);
    }

    [Fact]
    public void Frames_ArriveAndAreAnswered()
    {
        using var dealer = Connect();
        dealer.SendMoreFrame("a").SendFrame("b");
        Wait();
        _router.Send(_received[0].Connection, [new byte[] { 7 }, new byte[] { 8 }]);

        _received[0].Frames.Count.ShouldBe(2);
        var answer = new NetMQMessage();
        dealer.TryReceiveMultipartMessage(_patience, ref answer!).ShouldBeTrue();
        answer.Select(frame => frame.Buffer[0]).ShouldBe([(byte)7, (byte)8]);
    }

    [Fact]
    public void TheSocketOfAPeer_Closes_TheConnectionIsReportedLost()
    {
        var dealer = Connect();
        dealer.SendFrame("a");
        Wait();
        dealer.Dispose();
        Wait();

        _lost.ShouldBe([_received[0].Connection]);
    }

    [Fact]
    public void Send_ToAConnectionThatIsGone_IsReportedLost_BetweenEvents()
    {
        _router.Send("0011223344", [new byte[] { 1 }]);
        _lost.ShouldBeEmpty();
        _router.ReportBroken();
        _lost.ShouldBe(["0011223344"]);

        _router.ReportBroken();
        _lost.Count.ShouldBe(1);
    }

    [Fact]
    public void AFrame_ThatIsTooLarge_CostsItsSenderTheConnection_AndNobodyElse()
    {
        using var other = Connect();
        other.SendFrame("a");
        Wait();
        using var dealer = Connect();
        dealer.Options.ReconnectInterval = TimeSpan.FromMilliseconds(-1);
        dealer.SendFrame("b");
        Wait();
        dealer.SendFrame(new byte[1001]);
        Wait();
        _lost.ShouldBe([_received[1].Connection]);

        other.SendFrame("c");
        Wait();
        _received[^1].Connection.ShouldBe(_received[0].Connection);
    }

    [Fact]
    public void AnAddress_ThatIsTaken_CannotBeListenedOn()
    {
        var failure = Should.Throw<ListenFailedException>(() => new RouterEndpoint(_address, 1000, (_, _) => { }, _ => { }));

        failure.Message.ShouldContain(_address);
    }

    public void Dispose() => _router.Dispose();

    private DealerSocket Connect()
    {
        var dealer = new DealerSocket();
        dealer.Options.Linger = TimeSpan.Zero;
        dealer.Connect(_address);
        return dealer;
    }

    /// <summary>Polls until something has been received or lost.</summary>
    private void Wait()
    {
        var before = _received.Count + _lost.Count;
        while (_received.Count + _lost.Count == before) _router.Pollable.Socket.Poll(_patience).ShouldBeTrue("nothing has happened");
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
