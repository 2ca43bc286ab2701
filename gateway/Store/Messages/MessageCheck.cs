using System.Buffers.Binary;

namespace Gateway.Store.Messages;

/// <summary>
/// Four bytes that distinguish messages with the same number: the CRC-32C of the id and of the acceptance time, since an application may
/// give an id again to a restored gateway. 0 stands for an unknown message.
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

    /// <summary>Both are known and differ.</summary>
    public static bool Differ(uint one, uint other) => one != other && one != 0 && other != 0;
}

/// <summary>The stored position of another store's outgoing queue.</summary>
/// <param name="Number">The number of its last stored message; 0 if there is none.</param>
/// <param name="Check">The <see cref="MessageCheck"/> of that message.</param>
internal readonly record struct StoredPosition(long Number, uint Check);
