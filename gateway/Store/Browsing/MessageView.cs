using System.Buffers.Binary;
using System.Text;
using Gateway.Client;
using Gateway.Store.Messages;

namespace Gateway.Store.Browsing;

/// <summary>Reads a message's fields directly from its bytes, without copying; <see cref="MessageCodec"/> has their layout.</summary>
internal readonly ref struct MessageView
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly int _sourceLength;

    private MessageView(ReadOnlySpan<byte> bytes, int sourceLength, int headersBytes)
    {
        _bytes = bytes;
        _sourceLength = sourceLength;
        HeadersBytes = headersBytes;
    }

    public MessageId Id => new(new Guid(_bytes[..16], bigEndian: true));

    public long EnqueuedUnixMs => BinaryPrimitives.ReadInt64LittleEndian(_bytes[16..]);

    public long ExpiresUnixMs => MessageCodec.ExpiryOf(_bytes);

    public int HeadersBytes { get; }

    public int BodyBytes => _bytes.Length - MessageCodec.FixedBytes - _sourceLength - HeadersBytes;

    public ReadOnlySpan<byte> SourceUtf8 => _bytes.Slice(MessageCodec.FixedBytes, _sourceLength);

    public string Source => Encoding.UTF8.GetString(SourceUtf8);

    public ReadOnlySpan<byte> Headers => _bytes.Slice(MessageCodec.FixedBytes + _sourceLength, HeadersBytes);

    /// <summary>False if the bytes are not a message.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out MessageView view)
    {
        view = default;
        if (bytes.Length < MessageCodec.FixedBytes) return false;
        int sourceLength = bytes[32];
        var headersBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[33..]);
        var bodyBytes = BinaryPrimitives.ReadInt32LittleEndian(bytes[37..]);
        if (headersBytes < 0 || bodyBytes < 0 || (long)MessageCodec.FixedBytes + sourceLength + headersBytes + bodyBytes != bytes.Length)
            return false;
        view = new MessageView(bytes, sourceLength, headersBytes);
        return true;
    }
}
