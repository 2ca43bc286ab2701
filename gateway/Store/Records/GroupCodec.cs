using System.Buffers.Binary;
using System.IO.Hashing;

namespace Gateway.Store.Records;

/// <summary>
/// A block of records: a group, a part of a snapshot or a list of accepted ids. Each can be read and checked by itself.
/// Little-endian.
/// <code>
/// offset  size  field
///      0     4  magic "GWG1"
///      4     8  number of the block
///     12     4  count of records
///     16     4  CRC-32 (ISO 3309) of bytes 0..15 and 20..end
///     20        records: kind (1), length of payload (4), payload
/// </code>
/// </summary>
internal sealed class GroupWriter
{
    public const int HeaderBytes = 20;
    public const uint Magic = 0x31475747;

    private readonly ByteWriter _writer = new(GroupReader.TargetBytes / 4);
    private int _recordStart;
    private int _count;

    public GroupWriter() => Clear();

    public bool IsEmpty => _count == 0;

    public int LengthBytes => _writer.Length;

    /// <summary>Starts a record; the caller writes its payload and calls <see cref="End"/>.</summary>
    public ByteWriter Begin(RecordKind kind)
    {
        _writer.Byte((byte)kind);
        _recordStart = _writer.Length;
        _writer.Int32(0);
        return _writer;
    }

    public void End()
    {
        _writer.PatchInt32(_recordStart, _writer.Length - _recordStart - 4);
        _count++;
    }

    /// <summary>Returns the finished block; the writer is empty again.</summary>
    public byte[] Finish(long number)
    {
        var bytes = _writer.Take();
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(4), number);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), _count);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(16), Checksum(bytes));
        Clear();
        return bytes;
    }

    public static uint Checksum(ReadOnlySpan<byte> block)
    {
        var crc = new Crc32();
        crc.Append(block[..16]);
        crc.Append(block[HeaderBytes..]);
        return crc.GetCurrentHashAsUInt32();
    }

    private void Clear()
    {
        _writer.Clear();
        _writer.Reserve(HeaderBytes).Clear();
        _count = 0;
    }
}

/// <summary>Reads the records of a block whose header and checksum are valid.</summary>
internal ref struct GroupReader
{
    /// <summary>The size at which a group is closed; a single larger message makes a larger group.</summary>
    public const int TargetBytes = 256 * 1024;

    private ByteReader _reader;
    private int _left;

    private GroupReader(ReadOnlySpan<byte> records, int count)
    {
        _reader = new ByteReader(records);
        _left = count;
    }

    /// <summary>False if the bytes are not the undamaged block with that number.</summary>
    public static bool TryOpen(ReadOnlySpan<byte> block, long number, out GroupReader reader)
    {
        reader = default;
        if (block.Length < GroupWriter.HeaderBytes
            || BinaryPrimitives.ReadUInt32LittleEndian(block) != GroupWriter.Magic
            || BinaryPrimitives.ReadInt64LittleEndian(block[4..]) != number
            || BinaryPrimitives.ReadUInt32LittleEndian(block[16..]) != GroupWriter.Checksum(block)) return false;

        reader = new GroupReader(block[GroupWriter.HeaderBytes..], BinaryPrimitives.ReadInt32LittleEndian(block[12..]));
        return true;
    }

    public static GroupReader Open(Block block) =>
        TryOpen(block.Bytes, block.Id.Number, out var reader) ? reader : throw UnreadableBlock.Damaged(block.Id);

    /// <summary>Opens a block that <see cref="TryOpen"/> has already validated.</summary>
    public static GroupReader OpenChecked(Block block) =>
        new(block.Bytes.AsSpan(GroupWriter.HeaderBytes), BinaryPrimitives.ReadInt32LittleEndian(block.Bytes.AsSpan(12)));

    public bool TryNext(out RecordKind kind, out ReadOnlySpan<byte> payload)
    {
        kind = default;
        payload = default;
        if (_left-- <= 0) return false;
        kind = (RecordKind)_reader.Byte();
        payload = _reader.Block();
        Invariant.Require(!_reader.Failed, "the records of a block with a good checksum fit into it");
        return true;
    }
}
