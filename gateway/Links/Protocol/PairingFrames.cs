using System.Security.Cryptography;
using Gateway.Client.Wire;

namespace Gateway.Links.Protocol;

/// <summary>The fields of the frames of a pairing, after their types; PROTOCOL.md has the byte tables.</summary>
internal static class PairingFrames
{
    /// <summary>The longest address, in UTF-8 bytes.</summary>
    public const int AddressBytesMax = 255;

    public static void Write(ByteWriter writer, LinkFrame.Join join)
    {
        writer.Guid(join.Invitation);
        writer.Text(join.Name);
        writer.Text(WireText.Cut(join.Address, AddressBytesMax));
        WriteProof(writer, join.Proof);
    }

    public static void Write(ByteWriter writer, LinkFrame.Joined joined) => WriteProof(writer, joined.Proof);

    public static LinkFrame.Join ReadJoin(ref ByteReader reader)
    {
        var (invitation, name) = (reader.Guid(), reader.Text());
        var address = reader.TextBytes();
        if (!Names.IsValid(name) || address.Length is 0 or > AddressBytesMax || address.ContainsAnyExceptInRange((byte)'!', (byte)'~'))
            reader.Fail();
        return new LinkFrame.Join(invitation, name, System.Text.Encoding.ASCII.GetString(address), ReadProof(ref reader));
    }

    public static LinkFrame.Joined ReadJoined(ref ByteReader reader) => new(ReadProof(ref reader));

    private static void WriteProof(ByteWriter writer, ReadOnlyMemory<byte> proof)
    {
        Invariant.Require(proof.Length == HMACSHA256.HashSizeInBytes, "a proof is an HMAC-SHA256");
        proof.Span.CopyTo(writer.Reserve(proof.Length));
    }

    private static ReadOnlyMemory<byte> ReadProof(ref ByteReader reader) => reader.Fixed(HMACSHA256.HashSizeInBytes).ToArray();
}
