using System.Net;
using System.Net.Sockets;
using Shouldly;

namespace Gateway.Tests.Crash;

/// <summary>Those who speak HTTP to a door where ZMTP is spoken.</summary>
internal static class Strangers
{
    private static CancellationToken Token => Xunit.TestContext.Current.CancellationToken;

    /// <summary>Each is cut, and a line of the log says so.</summary>
    public static async Task KnockAsync(int port, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var stranger = new TcpClient();
            await stranger.ConnectAsync(IPAddress.Loopback, port, Token);
            await stranger.Client.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Token);
            try
            {
                // The gateway greets before it has read.
                while (await stranger.Client.ReceiveAsync(new byte[256], Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token) > 0)
                {
                }
            }
            catch (SocketException e)
            {
                e.SocketErrorCode.ShouldBe(SocketError.ConnectionReset);
            }
        }
    }
}
