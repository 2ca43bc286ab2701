using System.Buffers.Binary;
using System.Net.Sockets;

namespace Gateway.Cli.Demo.Processes;

/// <summary>The frames of the demo's programs with plain sockets: a length of four bytes, big-endian, and so many bytes.</summary>
internal static class DemoFrames
{
    public const int LengthBytes = sizeof(int);

    /// <summary>The largest body.</summary>
    public const int BodyBytesMax = 1024 * 1024;

    /// <summary>What the inlet answers for a frame that is on disk.</summary>
    public const byte Acknowledged = 0x06;

    /// <summary>The framing as configuration of an inlet or an outlet.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Configuration(string section) =>
    [
        new($"{section}:Framing:Kind", "LengthPrefix"),
        new($"{section}:Framing:HeaderBytes", "4"),
        new($"{section}:Framing:Size", "4"),
    ];

    public static byte[] Make(ReadOnlySpan<byte> body)
    {
        var frame = new byte[LengthBytes + body.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, body.Length);
        body.CopyTo(frame.AsSpan(LengthBytes));
        return frame;
    }

    /// <summary>Reads the body of the next frame; null at the end of the connection, however it ends.</summary>
    public static async Task<byte[]?> ReadAsync(NetworkStream stream, CancellationToken cancellationToken)
    {
        try
        {
            var length = new byte[LengthBytes];
            await stream.ReadExactlyAsync(length, cancellationToken);
            var body = new byte[Math.Clamp(BinaryPrimitives.ReadInt32BigEndian(length), 0, BodyBytesMax)];
            await stream.ReadExactlyAsync(body, cancellationToken);
            return body;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
