using System.Buffers.Binary;
using System.Text;

namespace Gateway.Tests.Transport.Zmtp;

/// <summary>
/// A second reader of ZMTP traffic, written for nothing but clarity, to judge what the checker lets pass: the frames after the handshake,
/// the last of which may be cut off.
/// </summary>
internal static class StrictZmtp
{
    /// <returns>The fault; null when NetMQ can read it.</returns>
    public static string? Find(ReadOnlySpan<byte> bytes, long frameBytesMax, long messageBytesMax, int partsMax)
    {
        long messageBytes = 0;
        var parts = 0;
        while (bytes.Length > 0)
        {
            var flags = bytes[0];
            if (flags is not (0 or 1 or 2 or 3 or 4 or 6)) return $"flags {flags}";
            var headerSize = (flags & 2) != 0 ? 9 : 2;
            if (bytes.Length < headerSize) return "a header that is cut off";
            var size = headerSize == 2 ? bytes[1] : BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
            if (size < 0 || size > frameBytesMax) return $"a frame of {size} bytes";
            var body = bytes[headerSize..];
            if ((flags & 4) != 0)
            {
                if (body.Length < size) return "a command that is cut off";
                if (!IsCommand(body[..(int)size])) return $"the command {Convert.ToHexString(body[..(int)size])}";
            }
            else
            {
                parts++;
                messageBytes += size;
                if (parts > partsMax) return $"{parts} frames";
                if (messageBytes > messageBytesMax) return $"a message of {messageBytes} bytes";
                if ((flags & 1) == 0) (parts, messageBytes) = (0, 0);
                if (body.Length < size) return null;
            }

            bytes = body[(int)size..];
        }

        return null;
    }

    private static bool IsCommand(ReadOnlySpan<byte> body)
    {
        if (body.Length < 5 || body[0] != 4) return false;
        return Encoding.Latin1.GetString(body.Slice(1, 4)) switch
        {
            "PING" => body.Length is >= 7 and <= 23,
            "PONG" => body.Length <= 21,
            _ => false,
        };
    }
}
