namespace Gateway.Transport.Zmtp;

/// <summary>
/// The greeting, with which each side of a connection begins (ZMTP 3.1, rfc.zeromq.org/spec/37, "Greeting"; the same in ZMTP 3.0).
/// <code>
/// offset  bytes  content
///      0      1  FF           signature
///      1      8  any          signature, ignored; a ZMTP 1 peer takes it for a length
///      9      1  7F           signature; its lowest bit tells ZMTP 2 and later from ZMTP 1
///     10      1  03           major version; a later one is spoken down to this
///     11      1  00           minor version, ignored
///     12     20  "NULL", 00…  mechanism
///     32      1  00           as-server; always 0 with NULL
///     33     31  00…          filler
/// </code>
/// </summary>
internal static class ZmtpGreeting
{
    public const int Size = 64;

    private const int SignatureEndAt = 9;
    private const int MajorAt = 10;
    private const int MinorAt = 11;
    private const int MechanismAt = 12;
    private const int AsServerAt = 32;
    private const byte Major = 3;

    private static readonly byte[] _bytes = Make();

    /// <summary>This side's greeting.</summary>
    public static ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>
    /// Finds the first wrong byte in the part of a greeting received so far, so that a wrong greeting is rejected without waiting for the
    /// rest.
    /// </summary>
    public static ConnectionFault Check(ReadOnlySpan<byte> bytes)
    {
        for (var i = 0; i < Math.Min(bytes.Length, Size); i++)
        {
            if (CheckByte(i, bytes[i]) is var fault and not ConnectionFault.None) return fault;
        }

        return ConnectionFault.None;
    }

    private static ConnectionFault CheckByte(int at, byte value) => at switch
    {
        0 => value == 0xFF ? ConnectionFault.None : ConnectionFault.NotZmtp,
        < SignatureEndAt => ConnectionFault.None,
        SignatureEndAt => value == 0x7F ? ConnectionFault.None : (value & 1) == 0 ? ConnectionFault.OldVersion : ConnectionFault.NotZmtp,
        MajorAt => value >= Major ? ConnectionFault.None : ConnectionFault.OldVersion,
        MinorAt => ConnectionFault.None,
        < AsServerAt => value == _bytes[at] ? ConnectionFault.None : ConnectionFault.Mechanism,
        _ => value == 0 ? ConnectionFault.None : ConnectionFault.GreetingFiller,
    };

    private static byte[] Make()
    {
        var bytes = new byte[Size];
        bytes[0] = 0xFF;
        // A ZMTP 1 peer reads the length of an identity here: none, and its flags.
        bytes[8] = 1;
        bytes[SignatureEndAt] = 0x7F;
        bytes[MajorAt] = Major;
        "NULL"u8.CopyTo(bytes.AsSpan(MechanismAt));
        return bytes;
    }
}
