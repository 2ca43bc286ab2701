using System.Security.Cryptography;

namespace Gateway.Links.Pairing;

/// <summary>
/// What each side of a pairing shows of the secret: HMAC-SHA256 over the code and the other ends of the session, so that a proof is of no
/// use with another certificate, name or address, nor from the other side. Pure.
/// </summary>
internal static class PairingProof
{
    public const int Bytes = HMACSHA256.HashSizeInBytes;

    private static readonly byte[] _idLabel = "gateway pairing 1: id"u8.ToArray();
    private static readonly byte[] _joinerLabel = "gateway pairing 1: joiner"u8.ToArray();
    private static readonly byte[] _inviterLabel = "gateway pairing 1: inviter"u8.ToArray();

    /// <summary>Names the invitation to its gateway, which knows the secret; tells nothing of it to anyone else.</summary>
    public static Guid IdOf(PairingCode code) =>
        new(HMACSHA256.HashData(code.Secret.Span, _idLabel).AsSpan(0, 16), bigEndian: true);

    /// <summary>The joiner knows the code.</summary>
    public static byte[] OfJoiner(PairingCode code, Joiner joiner) => Of(_joinerLabel, code, joiner);

    /// <summary>The inviter knows the code, and has made the joiner its peer.</summary>
    public static byte[] OfInviter(PairingCode code, Joiner joiner) => Of(_inviterLabel, code, joiner);

    /// <summary>Compares in the same time wherever the first difference is.</summary>
    public static bool Same(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) => CryptographicOperations.FixedTimeEquals(one, other);

    private static byte[] Of(ReadOnlySpan<byte> label, PairingCode code, Joiner joiner)
    {
        var writer = new ByteWriter();
        writer.TextBytes(label);
        writer.Block(code.ToBytes());
        Convert.FromHexString(joiner.Fingerprint).CopyTo(writer.Reserve(SHA256.HashSizeInBytes));
        writer.Text(joiner.Name);
        writer.Text(joiner.Address);
        return HMACSHA256.HashData(code.Secret.Span, writer.Written);
    }
}
