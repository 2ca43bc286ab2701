using System.Buffers.Binary;
using Gateway.Store.Disk;

namespace Gateway.Store;

/// <summary>
/// Four bytes that tell one message from another under the same number: the CRC-32C of its id, and of when it was accepted, since an
/// application may give an id again to a gateway that was put back. 0 stands for a message of which nothing is known.
/// </summary>
internal static class MessageCheck
{
    private const int Bytes = 24;

    public static uint Of(Message message)
    {
        Span<byte> bytes = stackalloc byte[Bytes];
        message.Id.Value.TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], message.EnqueuedUnixMs);
        return Math.Max(1, Castagnoli.Of(bytes));
    }

    /// <summary>Both are known, and they are of two messages.</summary>
    public static bool Differ(uint one, uint other) => one != other && one != 0 && other != 0;
}

/// <summary>How far an outgoing queue of another store has been stored here.</summary>
/// <param name="Number">Of the last of its messages that is stored; 0 if none is.</param>
/// <param name="Check">The <see cref="MessageCheck"/> of that message.</param>
internal readonly record struct StoredPosition(long Number, uint Check);
