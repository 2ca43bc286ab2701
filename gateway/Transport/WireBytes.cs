using System.Net.Sockets;

namespace Gateway.Transport;

/// <summary>
/// Counts the bytes moved on one connection, whole messages or not. The reader of the connection counts; any thread reads the figures.
/// </summary>
internal sealed class WireBytes
{
    private const int TcpLevel = 6;
    private const int TcpInfo = 11;

    /// <summary>The offset in Linux's <c>tcp_info</c> of the bytes that the other side has acknowledged.</summary>
    private const int AcknowledgedOffset = 120;

    private long _arrived;

    /// <summary>The socket of the connection; null if there is none.</summary>
    public Socket? Socket { get; init; }

    public long Arrived => Volatile.Read(ref _arrived);

    /// <summary>
    /// The bytes that the other host has acknowledged, known only on Linux. Elsewhere the system's buffers are so small that a write ends
    /// in time on any line that moves.
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
                // The connection has ended; its splice notices by itself.
                return null;
            }
        }
    }

    public void OnArrived(long bytes) => Volatile.Write(ref _arrived, _arrived + bytes);
}
