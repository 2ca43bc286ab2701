using System.Buffers.Binary;
using System.Net.Sockets;

namespace Gateway.Transport.Plain;

/// <summary>
/// What the system's TCP tells of one connection. Linux: <c>struct tcp_info</c> of tcp(7), as far as it is used here; Windows:
/// <c>TCP_INFO_v0</c> of SIO_TCP_INFO.
/// <code>
/// Linux  offset  size  field             Windows  offset  size  field
///             0     1  state                          0     4  state
///             2     1  retransmits                   28     4  bytes in flight
///             3     1  probes                        36     4  send window
///            52     4  last ack received, ms         48     8  bytes out
///           120     8  bytes acknowledged            68     4  bytes retransmitted
///           228     4  send window
/// </code>
/// </summary>
/// <param name="Acknowledged">The bytes that the other host has acknowledged; a SYN and a FIN count one each on Linux.</param>
/// <param name="Window">The bytes that the other side would take now; null if the system does not tell.</param>
/// <param name="IsClosed">TCP has given the connection up, or was told to by a reset.</param>
internal readonly record struct TcpFigures(long Acknowledged, long? Window, bool IsClosed)
{
    private const int TcpLevel = 6;
    private const int TcpInfoOption = 11;
    private const int LinuxBytes = 232;
    private const int LinuxBytesMin = 128;
    private const byte LinuxClosed = 7;

    private const int WindowsControl = unchecked((int)0xD8000027);
    private const int WindowsBytes = 88;

    /// <summary>In a row, without an answer.</summary>
    public int Unanswered { get; init; }

    /// <summary>The time since the other host's last acknowledgement; zero if the system does not tell.</summary>
    public TimeSpan Silent { get; init; }

    /// <summary>Sent and not acknowledged; null if the system does not tell.</summary>
    public long? InFlight { get; init; }

    /// <summary>Null if the system does not tell, or the socket is closed.</summary>
    public static TcpFigures? Read(Socket socket) => AcknowledgementProbe.TellsAcknowledged() == false ? null : Ask(socket);

    /// <summary>
    /// Likewise, without knowing whether this system tells of any: a refusal makes the runtime believe that the socket is not connected.
    /// </summary>
    public static TcpFigures? Ask(Socket socket)
    {
        try
        {
            if (OperatingSystem.IsLinux())
            {
                Span<byte> info = stackalloc byte[LinuxBytes];
                var length = socket.GetRawSocketOption(TcpLevel, TcpInfoOption, info);
                return length >= LinuxBytesMin ? OfLinux(info[..length]) : null;
            }

            if (!OperatingSystem.IsWindows()) return null;
            var found = new byte[WindowsBytes];
            return socket.IOControl(WindowsControl, BitConverter.GetBytes(0), found) == found.Length ? OfWindows(found) : null;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or PlatformNotSupportedException)
        {
            return null;
        }
    }

    public static TcpFigures OfLinux(ReadOnlySpan<byte> info) => new(
        BinaryPrimitives.ReadInt64LittleEndian(info[120..]),
        info.Length >= LinuxBytes ? BinaryPrimitives.ReadUInt32LittleEndian(info[228..]) : null,
        info[0] == LinuxClosed)
    {
        Unanswered = Math.Max(info[2], info[3]),
        Silent = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadUInt32LittleEndian(info[52..])),
    };

    /// <summary>
    /// Windows does not count what was acknowledged. Whether it counts bytes sent again among those out is not said, so they are taken off:
    /// the figure may be too small, never too large, until nothing is in flight.
    /// </summary>
    public static TcpFigures OfWindows(ReadOnlySpan<byte> info)
    {
        var inFlight = BinaryPrimitives.ReadUInt32LittleEndian(info[28..]);
        var sent = BinaryPrimitives.ReadInt64LittleEndian(info[48..]) - BinaryPrimitives.ReadUInt32LittleEndian(info[68..]);
        return new TcpFigures(sent - inFlight, BinaryPrimitives.ReadUInt32LittleEndian(info[36..]),
            BinaryPrimitives.ReadInt32LittleEndian(info) == 0)
        { InFlight = inFlight };
    }
}
