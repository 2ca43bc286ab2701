using System.Net.Sockets;
using Gateway.Transport.Plain;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

public sealed class BacklogTests
{
    [Fact]
    public void AProgramThatIsGone_DoesNotHideThoseBehindIt()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var waiting = new Queue<SocketError?>(
            [SocketError.ConnectionReset, null, SocketError.ConnectionAborted, null, SocketError.WouldBlock, null]);
        var admitted = 0;

        Backlog.Take(() => waiting.Dequeue() is { } error ? throw new SocketException((int)error) : socket, _ => admitted++);

        admitted.ShouldBe(2);
        waiting.Count.ShouldBe(1);
    }

    [Fact]
    public void AProgramThatIsGone_WhenItIsAdmitted_DoesNotHideThoseBehindIt()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var (accepted, admitted) = (0, 0);

        Backlog.Take(
            () => ++accepted <= 2 ? socket : throw new SocketException((int)SocketError.WouldBlock),
            _ =>
            {
                if (accepted == 1) throw new SocketException((int)SocketError.NotConnected);
                admitted++;
            });

        admitted.ShouldBe(1);
    }

    [Fact]
    public void AListenerThatAlwaysFails_IsLeftAtLast()
    {
        var asked = 0;

        Backlog.Take(
            () =>
            {
                asked++;
                throw new SocketException((int)SocketError.ConnectionReset);
            },
            _ => { });

        asked.ShouldBe(Backlog.ConnectionsMax);
    }
}
