using System.Globalization;
using Gateway.Store.Disk;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Salvage;
using Gateway.Store.Records;
using Gateway.Store.State;

namespace Gateway.Store.Repair;

/// <summary>
/// Every block of a damaged store with a valid checksum: the groups and their places, the newest undamaged snapshot, the identity, and the
/// accepted ids. Reads the whole store once when constructed, and single groups after that. Changes nothing.
/// </summary>
internal sealed class SalvagedBlocks : IDisposable
{
    private const string IdsVolume = "ids";
    private const int OpenMax = 4;

    private readonly IDisk _disk;
    private readonly List<string> _damage = [];
    private readonly SortedDictionary<long, (string Volume, SalvagedDocument Document)> _groups = [];
    private readonly SortedSet<long> _known = [];
    private readonly List<IdAccepted> _accepted = [];
    private readonly List<StoredEvent> _events = [];
    private readonly LinkedList<SalvagedVolume> _open = [];
    private long _snapshotGroup = -1;

    /// <exception cref="StoreFailedException">The store was written by a newer version.</exception>
    public SalvagedBlocks(IDisk disk)
    {
        _disk = disk;
        var volumes = FirstGroups().ToList();
        for (var i = 0; i < volumes.Count; i++)
        {
            var volume = Open(VolumeFolder.NameOf(volumes[i]));
            _damage.AddRange(volume.Damage);
            Take(volume, volumes[i], i + 1 < volumes.Count ? volumes[i + 1] : long.MaxValue);
        }

        TakeIds();
    }

    /// <summary>A sentence for each damage, with its file and place.</summary>
    public IReadOnlyList<string> Damage => _damage;

    /// <summary>The identity; null if it survives in no volume.</summary>
    public Guid? StoreId { get; private set; }

    /// <summary>The newest undamaged snapshot; empty if there is none.</summary>
    public IReadOnlyList<Block> Snapshot { get; private set; } = [];

    /// <summary>The readable groups, ascending.</summary>
    public IReadOnlyCollection<long> Groups => _groups.Keys;

    /// <summary>Groups known to have been written, of which nothing valid was found.</summary>
    public IEnumerable<long> Lost => _known.Where(group => !_groups.ContainsKey(group));

    /// <summary>The highest group number of which there is a trace.</summary>
    public long LastGroup => Math.Max(Math.Max(_groups.Keys.LastOrDefault(), _known.Max), _snapshotGroup);

    /// <summary>The ids in the accepted blocks, in the order of the blocks.</summary>
    public IReadOnlyList<IdAccepted> Accepted => _accepted;

    /// <summary>The surviving events of the gateway.</summary>
    public IReadOnlyList<StoredEvent> Events => _events;

    /// <summary>The number of lost accepted blocks, as far as known.</summary>
    public int LostAccepted { get; private set; }

    /// <summary>A group with a valid checksum; null if it is lost.</summary>
    public Block? Read(long group)
    {
        if (!_groups.TryGetValue(group, out var place)) return null;
        var bytes = Open(place.Volume).Read(place.Document);
        return bytes is not null && GroupReader.TryOpen(bytes, group, out _) ? new Block(new BlockId(BlockKind.Group, group), bytes) : null;
    }

    public void Dispose()
    {
        foreach (var volume in _open) volume.Dispose();
    }

    private IEnumerable<long> FirstGroups()
    {
        var firsts = new SortedSet<long>();
        foreach (var name in _disk.List())
        {
            var stem = System.IO.Path.GetFileNameWithoutExtension(name);
            var isVolume = name == VolumeFiles.DataName(stem) || name == VolumeFiles.LogName(stem);
            if (isVolume && long.TryParse(stem.Split('-')[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var first)
                && stem == VolumeFolder.NameOf(first)) firsts.Add(first);
        }

        return firsts;
    }

    /// <summary>Returns a volume and keeps it open: a group is usually followed by its neighbours.</summary>
    private SalvagedVolume Open(string name)
    {
        if (_open.FirstOrDefault(volume => volume.Name == name) is { } known) return known;
        var opened = SalvagedVolume.Open(_disk, name);
        _open.AddFirst(opened);
        if (_open.Count > OpenMax)
        {
            _open.Last!.Value.Dispose();
            _open.RemoveLast();
        }

        return opened;
    }

    private void Take(SalvagedVolume volume, long first, long end)
    {
        var kinds = new CollectionKinds(volume);
        var snapshot = new SortedDictionary<long, Block>();
        foreach (var document in volume.Documents())
        {
            var kind = kinds.Of(document.Collection);
            var bytes = kind is null ? null : volume.Read(document);
            var isGroup = kind == BlockKind.Group && document.Number >= first && document.Number < end;
            if (isGroup) _known.Add(document.Number);
            if (bytes is null) continue;
            if (kind == BlockKind.Identity) StoreId = MessageStore.ReadIdentity(bytes);
            else if (!GroupReader.TryOpen(bytes, document.Number, out _))
                _damage.Add($"{volume.Name}: {kind} block {document.Number} does not hold what was written");
            else if (isGroup) _groups.TryAdd(document.Number, (volume.Name, document));
            else if (kind == BlockKind.Snapshot)
                snapshot.TryAdd(document.Number, new Block(new BlockId(BlockKind.Snapshot, document.Number), bytes));
        }

        TakeSnapshots(snapshot);
        foreach (var (collection, number) in volume.IndexedNumbers())
        {
            if (kinds.Of(collection) == BlockKind.Group && number >= first && number < end) _known.Add(number);
        }
    }

    /// <summary>
    /// A volume may have some, of which one was being written, or deleted. None of its numbers is given twice: so the blocks that follow
    /// each other, from the one that begins a snapshot to the one that ends it, are of one, whenever they were written.
    /// </summary>
    private void TakeSnapshots(SortedDictionary<long, Block> blocks)
    {
        var run = new List<Block>();
        foreach (var (number, block) in blocks)
        {
            var records = CollectionKinds.Records(block.Bytes);
            if (records.FirstOrDefault() == RecordKind.Counters || (run.Count > 0 && run[^1].Id.Number + 1 != number)) run.Clear();
            if (run.Count == 0 && records.FirstOrDefault() != RecordKind.Counters) continue;
            run.Add(block);
            if (records[^1] == RecordKind.SnapshotEnd) Consider([.. run]);
        }
    }

    private void Consider(IReadOnlyList<Block> blocks)
    {
        var lastGroup = Snapshots.Snapshot.LastGroup(blocks[0]);
        if (lastGroup <= _snapshotGroup) return;
        (_snapshotGroup, Snapshot) = (lastGroup, blocks);
    }

    private void TakeIds()
    {
        if (!_disk.Exists(VolumeFiles.DataName(IdsVolume)) && !_disk.Exists(VolumeFiles.LogName(IdsVolume)))
        {
            _damage.Add($"{VolumeFiles.DataName(IdsVolume)} is missing");
            LostAccepted++;
            return;
        }

        var volume = Open(IdsVolume);
        _damage.AddRange(volume.Damage);
        var found = new SortedDictionary<(uint Collection, long Number), byte[]>();
        var known = volume.IndexedNumbers().Where(entry => IsOfIds(entry.Collection)).ToHashSet();
        foreach (var document in volume.Documents())
        {
            if (IsOfIds(document.Collection)) known.Add((document.Collection, document.Number));
            if (volume.Read(document) is { } bytes && GroupReader.TryOpen(bytes, document.Number, out _))
                found.TryAdd((document.Collection, document.Number), bytes);
        }

        LostAccepted += known.Count(entry => !found.ContainsKey(entry));
        foreach (var ((_, number), bytes) in found) TakeBeside(new Block(new BlockId(BlockKind.Accepted, number), bytes));

        // Without the page that names the collections an event counts as a block of ids, so too many lost ones may be reported, but never
        // too few.
        bool IsOfIds(uint collection) => !volume.Collections.TryGetValue(collection, out var name) || name == "accepted";
    }

    private void TakeBeside(Block block)
    {
        var records = GroupReader.OpenChecked(block);
        while (records.TryNext(out var kind, out var payload))
        {
            var reader = new ByteReader(payload);
            if (kind == RecordKind.Event && EventLog.TryRead(ref reader, out var entry)) _events.Add(entry);
            if (kind != RecordKind.IdAccepted) continue;
            var accepted = IdAccepted.Read(ref reader);
            if (reader.IsWhole) _accepted.Add(accepted);
        }
    }
}
