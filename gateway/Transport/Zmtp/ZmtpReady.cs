using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Gateway.Transport.Zmtp;

/// <summary>
/// The READY command, with which each side ends its handshake (ZMTP 3.1, rfc.zeromq.org/spec/37, "The NULL Security Mechanism").
/// <code>
/// bytes    content
///     1    04 (length in one byte) or 06 (in eight)      flags of a command frame
/// 1 or 8   length of what follows, big-endian
///     1    05
///     5    "READY"
///          then properties until the end, each:
///     1      length of the name, 1 to 255
///     n      name: letters, digits, - _ . +; in any case
///     4      length of the value, big-endian, below 2^31
///     m      value
/// </code>
/// </summary>
/// <param name="SocketType">The property Socket-Type.</param>
/// <param name="Identity">The property Identity; empty when there is none.</param>
internal sealed record ZmtpReady(string SocketType, byte[] Identity)
{
    /// <summary>Far above the size that known implementations send, about 50 bytes.</summary>
    public const int BytesMax = 1024;

    public const int IdentityBytesMax = 255;

    private const string SocketTypeName = "Socket-Type";
    private const string IdentityName = "Identity";
    private const int PropertiesMax = 32;

    private static readonly SearchValues<byte> _nameBytes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.+"u8);

    private static ReadOnlySpan<byte> Name => "\u0005READY"u8;

    /// <param name="body">The whole body of the frame.</param>
    public static ConnectionFault TryParse(ReadOnlySpan<byte> body, out ZmtpReady? ready)
    {
        ready = null;
        if (body.StartsWith("\u0005ERROR"u8)) return ConnectionFault.PeerError;
        if (!body.StartsWith(Name)) return ConnectionFault.NotReady;

        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        string? socketType = null;
        byte[] identity = [];
        for (var rest = body[Name.Length..]; rest.Length > 0;)
        {
            if (!TryTakeProperty(ref rest, out var name, out var value)) return ConnectionFault.MalformedReady;
            if (!names.Add(name) || names.Count > PropertiesMax) return ConnectionFault.MalformedReady;
            if (name.Equals(SocketTypeName, StringComparison.OrdinalIgnoreCase)) socketType = Encoding.Latin1.GetString(value);
            if (!name.Equals(IdentityName, StringComparison.OrdinalIgnoreCase)) continue;
            if (value.Length > IdentityBytesMax) return ConnectionFault.MalformedReady;
            identity = value.ToArray();
        }

        if (socketType is null) return ConnectionFault.SocketType;
        ready = new ZmtpReady(socketType, identity);
        return ConnectionFault.None;
    }

    /// <summary>The whole frame.</summary>
    public byte[] Encode()
    {
        var length = Name.Length + PropertySize(SocketTypeName, SocketType.Length) + PropertySize(IdentityName, Identity.Length);
        var isLong = length > byte.MaxValue;
        var frame = new byte[(isLong ? 9 : 2) + length];
        frame[0] = (byte)(ZmtpFrameHeader.CommandFlag | (isLong ? ZmtpFrameHeader.LongFlag : 0));
        if (isLong) BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(1), length);
        else frame[1] = (byte)length;
        var rest = frame.AsSpan(frame.Length - length);
        Name.CopyTo(rest);
        rest = PutProperty(rest[Name.Length..], SocketTypeName, Encoding.Latin1.GetBytes(SocketType));
        PutProperty(rest, IdentityName, Identity);
        return frame;
    }

    private static bool TryTakeProperty(ref ReadOnlySpan<byte> rest, out string name, out ReadOnlySpan<byte> value)
    {
        name = "";
        value = default;
        int nameLength = rest[0];
        if (nameLength == 0 || rest.Length < 1 + nameLength + sizeof(uint)) return false;
        var nameBytes = rest.Slice(1, nameLength);
        if (nameBytes.ContainsAnyExcept(_nameBytes)) return false;
        var length = BinaryPrimitives.ReadUInt32BigEndian(rest[(1 + nameLength)..]);
        rest = rest[(1 + nameLength + sizeof(uint))..];
        if (length > (uint)rest.Length) return false;
        name = Encoding.ASCII.GetString(nameBytes);
        value = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private static int PropertySize(string name, int valueBytes) => 1 + name.Length + sizeof(uint) + valueBytes;

    private static Span<byte> PutProperty(Span<byte> target, string name, ReadOnlySpan<byte> value)
    {
        target[0] = (byte)name.Length;
        Encoding.ASCII.GetBytes(name, target[1..]);
        BinaryPrimitives.WriteInt32BigEndian(target[(1 + name.Length)..], value.Length);
        value.CopyTo(target[(1 + name.Length + sizeof(uint))..]);
        return target[PropertySize(name, value.Length)..];
    }
}
