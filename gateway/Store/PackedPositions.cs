using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace Gateway.Store;

/// <summary>
/// Positions by name, for very many names: the names and positions are bytes in a series of large pieces, and a hash table finds them.
/// About 17 bytes per name, plus the name. The methods that a start calls for each name are compiled with full optimisation at once. An
/// entry:
/// <code>
/// offset  size  field
///      0     8  number
///      8     4  check of the message of that number
///     12     2  length of the name, n
///     14     n  name, UTF-8
/// </code>
/// </summary>
internal sealed class PackedPositions
{
    private const int PieceBits = 16;
    private const int PieceBytes = 1 << PieceBits;
    private const int CheckOffset = 8;
    private const int PositionBytes = CheckOffset + 4;
    private const int HeadBytes = PositionBytes + 2;
    private const int TableMin = 16;
    private const int NameBytesOnStack = 256;

    private readonly List<byte[]> _pieces = [];

    /// <summary>The end of the entries in each piece; an entry lies within one piece.</summary>
    private readonly List<int> _ends = [];

    /// <summary>
    /// A hash table with open addressing: the place of an entry plus 1, so that 0 marks a free slot. At most two thirds of the slots are
    /// used.
    /// </summary>
    private uint[] _table = new uint[TableMin];

    /// <summary>Entries were appended that are not in the table yet: it is built at once for everything that a start reads.</summary>
    private bool _isTableBehind;

    public int Count { get; private set; }

    /// <summary>The highest group of the sender's store of which something had been sent when a position last moved.</summary>
    public long SenderGroup { get; set; }

    /// <summary>The last group of this store in which one of the positions moved.</summary>
    public long LastGroup { get; set; }

    /// <summary>How often one of them moved, each time with a batch of messages.</summary>
    public long Batches { get; set; }

    /// <summary>The memory used by all of it.</summary>
    public long SizeBytes => ((long)_pieces.Count * PieceBytes) + (_table.Length * sizeof(uint));

    /// <summary>0 for an unknown name.</summary>
    public StoredPosition Find(string name)
    {
        var utf8 = Encode(name, stackalloc byte[NameBytesOnStack]);
        // The table may have been replaced by now.
        var place = PlaceOf(utf8);
        return _table[place] is > 0 and var found ? Read(At(found)) : default;
    }

    public void Set(string name, StoredPosition position) => Set(Encode(name, stackalloc byte[NameBytesOnStack]), position);

    /// <param name="utf8">The name.</param>
    /// <param name="position">Its position from now on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<byte> utf8, StoredPosition position)
    {
        var place = PlaceOf(utf8);
        if (_table[place] == 0)
        {
            var added = Append(utf8);
            if (Count * 3L > _table.Length * 2L) MakeTable();
            else _table[place] = added;
            place = PlaceOf(utf8);
        }

        Write(At(_table[place]), position);
    }

    /// <summary>Adds a name that is not present: while a store is opened, each name occurs once.</summary>
    /// <param name="utf8">The name.</param>
    /// <param name="position">Its position.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Restore(ReadOnlySpan<byte> utf8, StoredPosition position)
    {
        Write(At(Append(utf8)), position);
        _isTableBehind = true;
    }

    /// <summary>In the order of their addition.</summary>
    public IEnumerable<(string Name, StoredPosition Position)> Entries()
    {
        var place = default((int Piece, int Offset));
        while (TryNext(ref place, out var name, out var position)) yield return (Encoding.UTF8.GetString(name), position);
    }

    /// <summary>Returns the entry at a place and advances the place; false after the last entry.</summary>
    public bool TryNext(ref (int Piece, int Offset) place, out ReadOnlySpan<byte> name, out StoredPosition position)
    {
        name = default;
        position = default;
        if (Next(ref place) is not (> 0 and var entry)) return false;
        name = NameAt(entry);
        position = Read(At(entry));
        return true;
    }

    private static ReadOnlySpan<byte> Encode(string name, Span<byte> space) =>
        Encoding.UTF8.TryGetBytes(name, space, out var length) ? space[..length] : Encoding.UTF8.GetBytes(name);

    private static void Write(Span<byte> entry, StoredPosition position)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry, position.Number);
        BinaryPrimitives.WriteUInt32LittleEndian(entry[CheckOffset..], position.Check);
    }

    private static StoredPosition Read(ReadOnlySpan<byte> entry) =>
        new(BinaryPrimitives.ReadInt64LittleEndian(entry), BinaryPrimitives.ReadUInt32LittleEndian(entry[CheckOffset..]));

    private Span<byte> At(uint entry) => _pieces[(int)((entry - 1) >> PieceBits)].AsSpan((int)((entry - 1) & (PieceBytes - 1)));

    private ReadOnlySpan<byte> NameAt(uint entry)
    {
        var bytes = At(entry);
        return bytes.Slice(HeadBytes, BinaryPrimitives.ReadUInt16LittleEndian(bytes[PositionBytes..]));
    }

    private uint Append(ReadOnlySpan<byte> name)
    {
        var size = HeadBytes + name.Length;
        Invariant.Require(size <= PieceBytes, "the name of a queue fits into a piece");
        if (_pieces.Count == 0 || _ends[^1] + size > PieceBytes)
        {
            Invariant.Require(_pieces.Count < PieceBytes - 1, "the names of a peer's queues take less than four gigabytes");
            _pieces.Add(new byte[PieceBytes]);
            _ends.Add(0);
        }

        var entry = ((uint)(_pieces.Count - 1) << PieceBits) + (uint)_ends[^1] + 1;
        _ends[^1] += size;
        BinaryPrimitives.WriteUInt16LittleEndian(At(entry)[PositionBytes..], (ushort)name.Length);
        name.CopyTo(At(entry)[HeadBytes..]);
        Count++;
        return entry;
    }

    /// <summary>The slot of the name in the table, or the one it would get.</summary>
    private int PlaceOf(ReadOnlySpan<byte> name)
    {
        if (_isTableBehind) MakeTable();
        for (var place = FirstPlaceOf(name); ; place = (place + 1) & (_table.Length - 1))
        {
            if (_table[place] == 0 || NameAt(_table[place]).SequenceEqual(name)) return place;
        }
    }

    private int FirstPlaceOf(ReadOnlySpan<byte> name)
    {
        // Seeded anew in each process, so that a peer that chooses names cannot choose their slots.
        var hash = default(HashCode);
        hash.AddBytes(name);
        return hash.ToHashCode() & (_table.Length - 1);
    }

    /// <summary>Builds the table from all entries. Names are unique, so none are compared.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MakeTable()
    {
        _isTableBehind = false;
        var length = _table.Length;
        while (Count * 3L > length * 2L) length *= 2;
        _table = new uint[length];
        var (next, entry) = (default((int Piece, int Offset)), 0u);
        while ((entry = Next(ref next)) > 0)
        {
            var place = FirstPlaceOf(NameAt(entry));
            while (_table[place] > 0) place = (place + 1) & (length - 1);
            _table[place] = entry;
        }
    }

    /// <summary>Returns the entry at a place and advances the place; 0 after the last entry.</summary>
    private uint Next(ref (int Piece, int Offset) place)
    {
        if (place.Piece < _pieces.Count && place.Offset == _ends[place.Piece]) place = (place.Piece + 1, 0);
        if (place.Piece == _pieces.Count) return 0;
        var entry = ((uint)place.Piece << PieceBits) + (uint)place.Offset + 1;
        place.Offset += HeadBytes + NameAt(entry).Length;
        return entry;
    }
}
