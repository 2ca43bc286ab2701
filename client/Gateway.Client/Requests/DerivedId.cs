using System.Security.Cryptography;
using System.Text;

namespace Gateway.Client.Requests;

/// <summary>Ids that follow from what a message answers or repeats: a second attempt has the same id, and is accepted once.</summary>
internal static class DerivedId
{
    private const int SizeBytes = 16;

    /// <summary>A UUID of version 8 (RFC 9562): the beginning of the SHA-256 of what is given.</summary>
    /// <param name="purpose">Tells ids of different kinds apart.</param>
    /// <param name="id">The message that it follows from.</param>
    /// <param name="text">What else it depends on.</param>
    /// <param name="body">Likewise; empty for nothing.</param>
    public static MessageId Of(string purpose, MessageId id, string text, ReadOnlyMemory<byte> body = default)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // None of the three before the body contains the zero character.
        hash.AppendData(Encoding.UTF8.GetBytes($"{purpose}\0{id}\0{text}\0"));
        hash.AppendData(body.ToArray());
        return OfHash(hash.GetHashAndReset());
    }

    /// <summary>
    /// Likewise out of what CloudEvents says is unique, and of where it goes. It never changes: the gateway and clients of other versions
    /// derive the same.
    /// </summary>
    /// <param name="destination">As the sender names it.</param>
    /// <param name="source">The event's source, without the zero character.</param>
    /// <param name="id">The event's id, likewise.</param>
    public static MessageId OfEvent(string destination, string source, string id)
    {
        using var hash = SHA256.Create();
        return OfHash(hash.ComputeHash(Encoding.UTF8.GetBytes($"{destination}\0{source}\0{id}")));
    }

    private static MessageId OfHash(byte[] hash)
    {
        var bytes = hash.AsSpan(0, SizeBytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return MessageId.FromBytes(bytes);
    }
}
