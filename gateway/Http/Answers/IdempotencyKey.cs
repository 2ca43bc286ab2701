using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Gateway.Client;

namespace Gateway.Http.Answers;

/// <summary>Converts a caller's idempotency key to a message id. Pure.</summary>
internal static class IdempotencyKey
{
    public const string Header = "Idempotency-Key";

    private const int LengthMax = 255;
    private const byte Version8 = 0x80;
    private const byte Variant = 0x80;

    /// <summary>
    /// A UUID is the id itself. Any other key yields an id derived from caller and key: equal keys of two callers yield different messages.
    /// </summary>
    /// <param name="key">The value of the header, with or without quotation marks.</param>
    /// <param name="caller">The name of the caller's token.</param>
    /// <exception cref="ProblemException">The key is invalid.</exception>
    public static MessageId Read(string key, string caller)
    {
        if (key is ['"', .. var inner, '"']) key = inner;
        if (key.Length is 0 or > LengthMax) throw ProblemException.BadRequest($"{Header} has {key.Length} characters; it has 1 to "
            + $"{LengthMax}. A UUID made once for each message, and sent again with it, is the best.");
        return MessageId.TryParse(key, out var id) ? id : Derive("idempotency-key", caller, key);
    }

    /// <summary>A UUID of version 8 (RFC 9562): the beginning of the SHA-256 of the parts, each prefixed with its length.</summary>
    public static MessageId Derive(params ReadOnlySpan<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hash.AppendData(length);
            hash.AppendData(bytes);
        }

        var id = hash.GetHashAndReset().AsSpan(0, 16);
        id[6] = (byte)((id[6] & 0x0F) | Version8);
        id[8] = (byte)((id[8] & 0x3F) | Variant);
        return new MessageId(new Guid(id, bigEndian: true));
    }
}
