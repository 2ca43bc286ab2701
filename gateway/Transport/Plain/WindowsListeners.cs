using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Gateway.Transport.Plain;

/// <summary>
/// Windows' table of listening sockets with their processes (GetExtendedTcpTable, TCP_TABLE_OWNER_PID_LISTENER).
/// <code>
/// IPv4 row   offset  size  field              IPv6 row   offset  size  field
///                 4     4  local address                      0    16  local address
///                 8     4  local port, big-endian            20     4  local port, big-endian
///                20     4  process                           52     4  process
/// </code>
/// </summary>
internal static class WindowsListeners
{
    private const int ListenersWithProcess = 3;
    private const int Family4 = 2;
    private const int Family6 = 23;
    private const int Row4Bytes = 24;
    private const int Row6Bytes = 56;
    private const int CountBytes = sizeof(int);

    /// <summary>The table may grow between the question for its size and the one for itself.</summary>
    private const int Attempts = 3;

    /// <summary>
    /// The process that listens on the address, or on all addresses of this host; null if none does, or if the system does not tell whose
    /// the listener is, as Wine does not.
    /// </summary>
    [SupportedOSPlatform("windows")]
    public static int? ProcessOf(IPEndPoint target)
    {
        var is6 = target.AddressFamily == AddressFamily.InterNetworkV6;
        return Find(Table(is6 ? Family6 : Family4), is6, target);
    }

    /// <param name="table">As the system writes it: a count and as many rows.</param>
    public static int? Find(ReadOnlySpan<byte> table, bool is6, IPEndPoint target)
    {
        var size = is6 ? Row6Bytes : Row4Bytes;
        int? onAll = null;
        for (var rows = table.Length < CountBytes ? [] : table[CountBytes..]; rows.Length >= size; rows = rows[size..])
        {
            if (BinaryPrimitives.ReadUInt16BigEndian(rows[(is6 ? 20 : 8)..]) != target.Port) continue;
            if (BinaryPrimitives.ReadInt32LittleEndian(rows[(is6 ? 52 : 20)..]) is not (var process and > 0)) continue;
            var address = new IPAddress(is6 ? rows[..16] : rows.Slice(4, 4));
            if (address.Equals(target.Address)) return process;
            if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)) onAll = process;
        }

        return onAll;
    }

    [SupportedOSPlatform("windows")]
    private static byte[] Table(int family)
    {
        var size = 0;
        _ = GetExtendedTcpTable(null, ref size, isSorted: false, family, ListenersWithProcess, reserved: 0);
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var table = new byte[size];
            if (GetExtendedTcpTable(table, ref size, isSorted: false, family, ListenersWithProcess, reserved: 0) != 0) continue;
            var rows = BinaryPrimitives.ReadInt32LittleEndian(table);
            return table[..Math.Min(table.Length, CountBytes + (rows * (family == Family6 ? Row6Bytes : Row4Bytes)))];
        }

        return [];
    }

    [DllImport("iphlpapi")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int GetExtendedTcpTable(
        byte[]? table, ref int size, [MarshalAs(UnmanagedType.Bool)] bool isSorted, int family, int kind, int reserved);
}
