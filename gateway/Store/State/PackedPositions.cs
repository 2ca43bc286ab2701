using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using Gateway.Store.Messages;

namespace Gateway.Store.State;

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
    public const int CheckOffset = 8;
    public const int HeadBytes = PositionBytes + 2;
    private const int PieceBits = 16;
    private const int PieceBytes = 1 << PieceBits;
    private const int PositionBytes = CheckOffset + 4;
    private const int NameBytesOnStack = 256;

    private readonly List<byte[]> _pieces = [];

    /// <summary>The end of the entries in each piece; an entry lies within one piece.</summary>
    private readonly List<int> _ends = [];

    private EntryTable _table;

    /// <summary>The number of pieces at the front that a reader may hold, for which they must stay unchanged.</summary>
    private int _frozen;

    /// <summary>The pieces among these that a copy has replaced since.</summary>
    private bool[] _isOwn = [];

    /// <summary>Entries were appended that are not in the table yet: it is made at once for all that a start reads.</summary>
    private bool _isTableBehind;

    public PackedPositions() => _table = new EntryTable(this);

    public int Count { get; private set; }

    /// <summary>The highest group of the sender's store of which something had been sent when a position last moved.</summary>
    public long SenderGroup { get; set; }

    /// <summary>The last group of this store in which one of the positions moved.</summary>
    public long LastGroup { get; set; }

    /// <summary>The batches of messages with which they moved.</summary>
    public StoredBatches Batches { get; } = new();

    /// <summary>The memory used by all of it.</summary>
    public long SizeBytes => ((long)_pieces.Count * PieceBytes) + _table.SizeBytes;

    /// <summary>0 for an unknown name.</summary>
    public StoredPosition Find(string name)
    {
        MakeTable();
        return _table.Find(Encode(name, stackalloc byte[NameBytesOnStack])) is > 0 and var found ? Read(At(found)) : default;
    }

    public void Set(string name, StoredPosition position) => Set(Encode(name, stackalloc byte[NameBytesOnStack]), position);

    /// <param name="utf8">The name.</param>
    /// <param name="position">Its position from now on.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Set(ReadOnlySpan<byte> utf8, StoredPosition position)
    {
        MakeTable();
        var entry = _table.Find(utf8);
        if (entry == 0) _table.Add(entry = Append(utf8));
        Own((int)((entry - 1) >> PieceBits));
        Write(At(entry), position);
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
        var (place, entry) = (default((int Piece, int Offset)), 0u);
        while ((entry = Next(ref place)) > 0) yield return (Encoding.UTF8.GetString(NameAt(entry)), Read(At(entry)));
    }

    /// <summary>
    /// All as they are now, at once: nothing is copied before it is changed, and then one piece. For one reader at a time; who freezes
    /// again has done with the former.
    /// </summary>
    /// <param name="sender">The store whose positions these are.</param>
    public FrozenPositions Freeze(Guid sender)
    {
        (_frozen, _isOwn) = (_pieces.Count, new bool[_pieces.Count]);
        return new FrozenPositions(sender, [.. _pieces], [.. _ends], SenderGroup, LastGroup, Batches.Tally);
    }

    /// <summary>The name in the bytes that begin with an entry.</summary>
    public static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> entry) =>
        entry.Slice(HeadBytes, BinaryPrimitives.ReadUInt16LittleEndian(entry[PositionBytes..]));

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

    public ReadOnlySpan<byte> NameAt(uint entry) => NameIn(At(entry));

    /// <summary>Existing bytes are about to change. Appended ones lie behind everything that is read.</summary>
    private void Own(int piece)
    {
        if (piece >= _frozen || _isOwn[piece]) return;
        _pieces[piece] = [.. _pieces[piece]];
        _isOwn[piece] = true;
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

    /// <summary>Makes the table of all entries at once, when one is first looked for after a start.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void MakeTable()
    {
        if (!_isTableBehind) return;
        _isTableBehind = false;
        _table = new EntryTable(this);
        _table.Reserve(Count);
        var (next, entry) = (default((int Piece, int Offset)), 0u);
        while ((entry = Next(ref next)) > 0) _table.Add(entry);
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
