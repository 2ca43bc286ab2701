using System.Runtime.CompilerServices;

namespace Gateway.Store.State;

/// <summary>
/// Finds the entries of <see cref="PackedPositions"/> by name: a hash table with open addressing, in parts that grow one at a time, so that
/// no name costs more than its share however many there are. Owned by the store's thread.
/// </summary>
internal sealed class EntryTable(PackedPositions entries)
{
    private const int Parts = 256;
    private const int PartMin = 4;

    /// <summary>The entries, 0 in a free slot. At most two thirds of the slots are used.</summary>
    private readonly uint[]?[] _parts = new uint[]?[Parts];
    private readonly int[] _counts = new int[Parts];
    private long _slots;

    /// <summary>The memory used by all of it.</summary>
    public long SizeBytes => _slots * sizeof(uint);

    /// <summary>The entry with this name; 0 if there is none.</summary>
    public uint Find(ReadOnlySpan<byte> name)
    {
        var (hash, number) = HashOf(name);
        return _parts[number] is { } part ? part[SlotOf(part, hash, name)] : 0;
    }

    /// <summary>Makes room for so many entries, in all parts.</summary>
    public void Reserve(int count)
    {
        for (var number = 0; number < Parts; number++)
        {
            var length = _parts[number]?.Length ?? PartMin;
            while (count * 3L > length * 2L * Parts) length *= 2;
            Resize(number, length);
        }
    }

    /// <summary>Adds an entry whose name is not in the table.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(uint entry)
    {
        var (hash, number) = HashOf(entries.NameAt(entry));
        var length = _parts[number]?.Length ?? 0;
        if (++_counts[number] * 3 > length * 2) Resize(number, Math.Max(PartMin, length * 2));
        Put(_parts[number]!, hash, entry);
    }

    private static (int Hash, int Part) HashOf(ReadOnlySpan<byte> name)
    {
        // Seeded anew in each process, so that nobody can choose names that collide.
        var code = default(HashCode);
        code.AddBytes(name);
        var hash = code.ToHashCode();
        return (hash, (int)((uint)hash >> 24));
    }

    private static void Put(uint[] part, int hash, uint entry)
    {
        var slot = hash & (part.Length - 1);
        while (part[slot] > 0) slot = (slot + 1) & (part.Length - 1);
        part[slot] = entry;
    }

    /// <summary>The slot of the name, or the one for it.</summary>
    private int SlotOf(uint[] part, int hash, ReadOnlySpan<byte> name)
    {
        for (var slot = hash & (part.Length - 1); ; slot = (slot + 1) & (part.Length - 1))
        {
            if (part[slot] == 0 || entries.NameAt(part[slot]).SequenceEqual(name)) return slot;
        }
    }

    private void Resize(int number, int length)
    {
        var former = _parts[number] ?? [];
        if (former.Length == length) return;
        var part = _parts[number] = new uint[length];
        _slots += length - former.Length;
        foreach (var entry in former)
        {
            // No name is there twice, so none is compared.
            if (entry > 0) Put(part, HashOf(entries.NameAt(entry)).Hash, entry);
        }
    }
}
