using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// What has moved on one connection, in bytes of the wire, whether they make a message yet or not. Whoever reads from the connection
/// counts; any thread looks.
/// </summary>
internal sealed class WireBytes
{
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;

    /// <summary>In Linux's <c>tcp_info</c>: the bytes that the other side has acknowledged.</summary>
    private const int AcknowledgedOffset = 120;

    private long _arrived;

    /// <summary>Below the connection; null where there is none.</summary>
    public Socket? Socket { get; init; }

    public long Arrived => Volatile.Read(ref _arrived);

    /// <summary>
    /// Bytes that the other host has taken, as far as the system tells: on Linux alone. Elsewhere its buffers are so small that a write
    /// ends in time on any line that moves.
    /// </summary>
    public long? Departed
    {
        get
        {
            if (Socket is null || !OperatingSystem.IsLinux()) return null;
            Span<byte> info = stackalloc byte[AcknowledgedOffset + sizeof(long)];
            try
            {
                return Socket.GetRawSocketOption(TcpLevel, TcpInfo, info) == info.Length ? BitConverter.ToInt64(
                    info[AcknowledgedOffset..]) : null;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It has ended; its splice finds out by itself.
                return null;
            }
        }
    }

    public void OnArrived(long bytes) => Volatile.Write(ref _arrived, _arrived + bytes);
}
