using System.Buffers.Binary;
using System.Text;

namespace Gateway.Kernel;

/// <summary>Writes the little-endian fields that <see cref="ByteReader"/> reads to a growing buffer.</summary>
internal sealed class ByteWriter(int capacity = 256)
{
    // Not cleared, here and below: every byte is written before it is read, and a group is a quarter of a megabyte.
    private byte[] _buffer = GC.AllocateUninitializedArray<byte>(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Byte(byte value) => Reserve(1)[0] = value;

    public void Int32(int value) => BinaryPrimitives.WriteInt32LittleEndian(Reserve(4), value);

    public void UInt32(uint value) => Int32((int)value);

    public void Int64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Reserve(8), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);

    /// <summary>Seven bits a byte, the lowest first, each byte but the last with its highest bit set: short for small numbers.</summary>
    public void VarUInt64(ulong value)
    {
        for (; value >= 0x80; value >>= 7) Byte((byte)(value | 0x80));
        Byte((byte)value);
    }

    public void Guid(Guid value) => value.TryWriteBytes(Reserve(16), bigEndian: true, out _);

    public void Block(ReadOnlySpan<byte> bytes)
    {
        Int32(bytes.Length);
        bytes.CopyTo(Reserve(bytes.Length));
    }

    /// <summary>Text of at most 65,535 bytes in UTF-8.</summary>
    public void Text(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), checked((ushort)length));
        Encoding.UTF8.GetBytes(text, Reserve(length));
    }

    /// <summary>Text already encoded in UTF-8.</summary>
    public void TextBytes(ReadOnlySpan<byte> utf8)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(Reserve(2), checked((ushort)utf8.Length));
        utf8.CopyTo(Reserve(utf8.Length));
    }

    /// <summary>Room for <paramref name="length"/> bytes, to be filled at once.</summary>
    public Span<byte> Reserve(int length)
    {
        if (Length + length > _buffer.Length) Grow(Length + length);
        Length += length;
        return _buffer.AsSpan(Length - length, length);
    }

    /// <summary>Overwrites an int32 written earlier.</summary>
    public void PatchInt32(int offset, int value) => BinaryPrimitives.WriteInt32LittleEndian(_buffer.AsSpan(offset, 4), value);

    public void Clear() => Length = 0;

    /// <summary>Returns the bytes written; the writer is empty again. Bytes that fill the buffer exactly are not copied.</summary>
    public byte[] Take()
    {
        var bytes = _buffer;
        if (Length == _buffer.Length)
        {
            _buffer = [];
        }
        else
        {
            bytes = GC.AllocateUninitializedArray<byte>(Length);
            Written.CopyTo(bytes);
        }

        Length = 0;
        return bytes;
    }

    private void Grow(int needed)
    {
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(_buffer.Length * 2, needed));
        Written.CopyTo(larger);
        _buffer = larger;
    }
}
