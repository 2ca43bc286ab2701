using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gateway.Kernel;

/// <summary>
/// Reads little-endian fields from untrusted bytes. A read past the end, or of an impossible length, marks the reader as failed and returns
/// an empty value, so a decoder reads all fields and checks <see cref="IsWhole"/> once. Nothing is allocated for a length that the bytes do
/// not hold.
/// </summary>
internal ref struct ByteReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Failed { get; private set; }

    public readonly bool AtEnd => _rest.IsEmpty;

    public readonly int Remaining => _rest.Length;

    /// <summary>All bytes were read, and every field was complete.</summary>
    public readonly bool IsWhole => !Failed && _rest.IsEmpty;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Byte() => Take(1) is [var value] ? value : (byte)0;

    public int Int32() => Take(4) is { Length: 4 } field ? BinaryPrimitives.ReadInt32LittleEndian(field) : 0;

    public uint UInt32() => (uint)Int32();

    public long Int64() => Take(8) is { Length: 8 } field ? BinaryPrimitives.ReadInt64LittleEndian(field) : 0;

    public ulong UInt64() => Take(8) is { Length: 8 } field ? BinaryPrimitives.ReadUInt64LittleEndian(field) : 0;

    /// <summary>Seven bits a byte, the lowest first; at most ten bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong VarUInt64()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        Fail();
        return 0;
    }

    public Guid Guid() => Take(16) is { Length: 16 } field ? new Guid(field, bigEndian: true) : default;

    /// <summary>Bytes prefixed with their length (int32).</summary>
    public ReadOnlySpan<byte> Block() => Take(Int32());

    /// <summary>All bytes that are left.</summary>
    public ReadOnlySpan<byte> Rest() => Take(_rest.Length);

    /// <summary>This many bytes, without a length before them; empty if they are not there.</summary>
    public ReadOnlySpan<byte> Fixed(int length) => Take(length);

    /// <summary>UTF-8 text of at most 65,535 bytes, prefixed with its length (uint16).</summary>
    public string Text() => Encoding.UTF8.GetString(TextBytes());

    /// <summary>The UTF-8 bytes of a text field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> TextBytes() => Take(2) is { Length: 2 } field ? Take(BinaryPrimitives.ReadUInt16LittleEndian(field)) : [];

    /// <summary>An int32 that counts items of at least <paramref name="itemBytesMin"/> bytes each, checked against what is left.</summary>
    public int Count(int itemBytesMin)
    {
        var count = Int32();
        if (count >= 0 && (long)count * itemBytesMin <= _rest.Length) return count;
        Fail();
        return 0;
    }

    /// <summary>Leaves so many bytes unread.</summary>
    public void Skip(int bytes) => Take(bytes);

    public void Fail()
    {
        Failed = true;
        _rest = [];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int length)
    {
        if (length < 0 || length > _rest.Length)
        {
            Fail();
            return [];
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
