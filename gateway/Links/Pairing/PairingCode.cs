using System.Security.Cryptography;

namespace Gateway.Links.Pairing;

/// <summary>
/// All that a gateway needs to find another one, to recognise it, and to prove that it was invited. Whoever has the code, and comes in
/// time, becomes a peer: it is a secret. PROTOCOL.md has the byte table.
/// </summary>
/// <param name="Name">Of the inviting gateway.</param>
/// <param name="Fingerprint">Of its certificate: SHA-256, in lower-case hexadecimal digits.</param>
/// <param name="Addresses">Where it may be reached, as <c>HOST:PORT</c>, the likeliest first.</param>
/// <param name="ExpiresUnixMs">By the clock of the inviting gateway, which alone judges it; a whole second.</param>
/// <param name="Secret">Of <see cref="SecretBytes"/> random bytes.</param>
internal sealed record PairingCode(
    string Name, string Fingerprint, IReadOnlyList<string> Addresses, long ExpiresUnixMs, ReadOnlyMemory<byte> Secret)
{
    public const int SecretBytes = 16;
    public const int AddressesMax = 4;
    public const int AddressBytesMax = 255;

    private const byte Version = 1;
    private const int HeadBytes = 3;
    private const int CheckBytes = 4;
    private const long SecondMs = 1000;

    /// <summary>The code as it is pasted or read aloud.</summary>
    public string ToText() => SpelledBytes.Write(ToBytes());

    /// <summary>The code of a text, which may have lower-case letters, spaces and line ends.</summary>
    /// <returns>Null with a sentence that says what is wrong.</returns>
    public static PairingCode? Parse(string text, out string fault)
    {
        if (SpelledBytes.Read(text, HeadBytes, LengthOf, out fault) is not { } bytes) return null;
        var reader = new ByteReader(bytes);
        var version = reader.Byte();
        reader.Fixed(HeadBytes - 1);
        var expiresMs = reader.UInt32() * SecondMs;
        var fingerprint = Convert.ToHexStringLower(reader.Fixed(SHA256.HashSizeInBytes));
        var secret = reader.Fixed(SecretBytes).ToArray();
        var name = reader.Text();
        var addresses = new string[Math.Min(reader.Byte(), (byte)AddressesMax)];
        for (var i = 0; i < addresses.Length; i++) addresses[i] = reader.Text();
        var check = reader.UInt32();
        if (bytes.Length < CheckBytes || check != Castagnoli.Of(bytes.AsSpan(0, bytes.Length - CheckBytes)))
        {
            fault = "The code has a typing error somewhere. Compare it with the one that was printed.";
        }
        else if (version != Version)
        {
            fault = $"The code is of version {version}, and this program knows version {Version}: the two gateways are of different "
                + "releases. Upgrade the older one.";
        }
        else if (!reader.IsWhole || !Names.IsValid(name) || addresses.Length == 0)
        {
            fault = "The code holds something that no gateway writes. Ask for a new one.";
        }

        return fault.Length > 0 ? null : new PairingCode(name, fingerprint, addresses, expiresMs, secret);
    }

    /// <summary>The whole second at which a code ends that is made now.</summary>
    public static long ExpiryOf(long nowUnixMs, TimeSpan lifetime) =>
        (nowUnixMs + (long)lifetime.TotalMilliseconds + SecondMs - 1) / SecondMs * SecondMs;

    /// <summary>The bytes of the code, which both sides put under their proofs.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter();
        writer.Byte(Version);
        writer.Reserve(HeadBytes - 1).Clear();
        writer.UInt32((uint)(ExpiresUnixMs / SecondMs));
        Convert.FromHexString(Fingerprint).CopyTo(writer.Reserve(SHA256.HashSizeInBytes));
        Secret.Span.CopyTo(writer.Reserve(SecretBytes));
        writer.Text(Name);
        writer.Byte((byte)Addresses.Count);
        foreach (var address in Addresses) writer.Text(address);
        var bytes = new byte[writer.Length + CheckBytes];
        writer.Written.CopyTo(bytes);
        BitConverter.TryWriteBytes(bytes.AsSpan(1), (ushort)bytes.Length);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - CheckBytes), Castagnoli.Of(bytes.AsSpan(0, bytes.Length - CheckBytes)));
        return bytes;
    }

    /// <summary>Does not show the secret.</summary>
    public override string ToString() => $"code of {Name}";

    private static int LengthOf(ReadOnlySpan<byte> head) => BitConverter.ToUInt16(head[1..]);
}
