using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using Gateway.Client;

namespace Gateway.Store.Messages;

/// <summary>
/// A message as bytes, the same in a store's groups and in a link's batches. Little-endian.
/// <code>
/// offset  size  field
///      0    16  message id, in the byte order of RFC 9562
///     16     8  enqueued, ms since 1970 UTC
///     24     8  expires, ms since 1970 UTC, 0 for never
///     32     1  length of source, s (1 to 64)
///     33     4  length of headers, h
///     37     4  length of body, b
///     41     s  source, UTF-8
///   41+s     h  headers
/// 41+s+h     b  body
/// </code>
/// </summary>
internal static class MessageCodec
{
    public const int FixedBytes = 41;

    private const int SourceBytesMax = 64;

    public static int SizeBytes(Message message) =>
        FixedBytes + Encoding.UTF8.GetByteCount(message.Source) + message.Headers.Length + message.Body.Length;

    /// <summary>Writes the message; <paramref name="target"/> holds at least <see cref="SizeBytes"/>.</summary>
    public static void Write(Message message, Span<byte> target)
    {
        message.Id.Value.TryWriteBytes(target, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], message.EnqueuedUnixMs);
        BinaryPrimitives.WriteInt64LittleEndian(target[24..], message.ExpiresUnixMs);
        var sourceLength = Encoding.UTF8.GetBytes(message.Source, target[FixedBytes..]);
        Invariant.Require(sourceLength is > 0 and <= SourceBytesMax, "a message is written only if it can be read");
        target[32] = (byte)sourceLength;
        BinaryPrimitives.WriteInt32LittleEndian(target[33..], message.Headers.Length);
        BinaryPrimitives.WriteInt32LittleEndian(target[37..], message.Body.Length);
        message.Headers.Span.CopyTo(target[(FixedBytes + sourceLength)..]);
        message.Body.Span.CopyTo(target[(FixedBytes + sourceLength + message.Headers.Length)..]);
    }

    /// <summary>
    /// Reads a message that fills <paramref name="source"/> exactly; copies the parts it keeps. False if the bytes are not a message.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> source, [NotNullWhen(true)] out Message? message)
    {
        message = null;
        if (source.Length < FixedBytes) return false;

        int sourceLength = source[32];
        var headersLength = BinaryPrimitives.ReadInt32LittleEndian(source[33..]);
        var bodyLength = BinaryPrimitives.ReadInt32LittleEndian(source[37..]);
        if (sourceLength is 0 or > SourceBytesMax || headersLength < 0 || bodyLength < 0) return false;
        if ((long)FixedBytes + sourceLength + headersLength + bodyLength != source.Length) return false;

        // Invalid UTF-8 would be written longer than it was read, and the store could not read it back.
        if (!Utf8.IsValid(source.Slice(FixedBytes, sourceLength))) return false;

        // Headers and body share one array: one allocation, which keeps nothing else alive.
        var content = GC.AllocateUninitializedArray<byte>(headersLength + bodyLength);
        source[(FixedBytes + sourceLength)..].CopyTo(content);
        message = new Message
        {
            Id = new MessageId(new Guid(source[..16], bigEndian: true)),
            EnqueuedUnixMs = BinaryPrimitives.ReadInt64LittleEndian(source[16..]),
            ExpiresUnixMs = ExpiryOf(source),
            Source = Encoding.UTF8.GetString(source.Slice(FixedBytes, sourceLength)),
            Headers = content.AsMemory(0, headersLength),
            Body = content.AsMemory(headersLength, bodyLength),
        };
        return true;
    }

    /// <summary>Reads only the expiry; the bytes must be at least <see cref="FixedBytes"/> long.</summary>
    public static long ExpiryOf(ReadOnlySpan<byte> source) => BinaryPrimitives.ReadInt64LittleEndian(source[24..]);
}
