using System.Buffers.Binary;
using System.Text;

namespace Gateway.Tests.Transport.Zmtp;

/// <summary>Bytes of peers, well formed or not, made by hand.</summary>
internal static class ZmtpBytes
{
    public static byte[] Greeting { get; } = Greet("NULL", 3);

    public static byte[] Dealer { get; } = Ready("DEALER", "");

    public static byte[] Router { get; } = Ready("ROUTER", "");

    public static byte[] Handshake { get; } = [.. Greeting, .. Dealer];

    public static byte[] Greet(string mechanism, byte major)
    {
        var bytes = new byte[64];
        bytes[0] = 0xFF;
        bytes[9] = 0x7F;
        bytes[10] = major;
        Encoding.ASCII.GetBytes(mechanism, bytes.AsSpan(12));
        return bytes;
    }

    public static byte[] Ready(string socketType, string identity) =>
        Command([.. "\u0005READY"u8, .. Property("Socket-Type", socketType), .. Property("Identity", identity)]);

    public static byte[] Property(string name, string value) => Property(name, value.Length, value);

    public static byte[] Property(string name, int length, string value)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(size, length);
        return [(byte)name.Length, .. Encoding.ASCII.GetBytes(name), .. size, .. Encoding.ASCII.GetBytes(value)];
    }

    public static byte[] Command(params byte[] body) => Frame(4, body);

    /// <summary>One message of these frames.</summary>
    public static byte[] Message(params string[] frames) =>
        [.. frames.SelectMany((frame, i) => Frame((byte)(i < frames.Length - 1 ? 1 : 0), Encoding.UTF8.GetBytes(frame)))];

    public static byte[] Frame(byte flags, byte[] body) => body.Length <= 255
        ? [flags, (byte)body.Length, .. body]
        : [.. LongHeader((byte)(flags | 2), (ulong)body.Length), .. body];

    public static byte[] LongHeader(byte flags, ulong length)
    {
        var header = new byte[9];
        header[0] = flags;
        BinaryPrimitives.WriteUInt64BigEndian(header.AsSpan(1), length);
        return header;
    }
}
