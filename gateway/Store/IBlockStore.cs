using Gateway.Store.Disk;

namespace Gateway.Store;

/// <summary>What a block is for; each kind has its own numbers. The names are part of the store's format.</summary>
internal enum BlockKind
{
    /// <summary>The records of one commit, or of a part of it.</summary>
    Group,

    /// <summary>A part of the state up to a certain group.</summary>
    Snapshot,

    /// <summary>Message ids accepted between two snapshots.</summary>
    Accepted,

    /// <summary>The store's identity and format, a single block with number 1.</summary>
    Identity,

    /// <summary>Something that happened to the gateway.</summary>
    Event,
}

internal readonly record struct BlockId(BlockKind Kind, long Number)
{
    public override string ToString() => $"{Kind} {Number}";
}

/// <summary>A numbered piece of bytes of at most 16 MB.</summary>
internal readonly record struct Block(BlockId Id, byte[] Bytes);

/// <summary>A part of the store that is dropped as a whole.</summary>
/// <param name="FirstGroup">Its groups begin with this number, and end before the first of the next volume.</param>
/// <param name="SizeBytes">What it takes of the disk, without its log.</param>
internal readonly record struct VolumeInfo(long FirstGroup, long SizeBytes);

/// <summary>
/// The engine under the message store: numbered blocks of bytes, in volumes. Only the newest volume is written; a new one is begun with a
/// snapshot, so that the older ones are needed for the messages in their groups alone, and dropped when there are none. It knows nothing of
/// what is in the blocks. One thread owns it: every member is called by that thread alone. Every member but Volumes throws
/// <see cref="StoreFailedException"/> when the engine or the disk fails; then nothing is known about the outcome, every later call throws
/// too, and the process must stop.
/// </summary>
internal interface IBlockStore : IDisposable
{
    /// <summary>Ascending; the last is the newest. None in a store that is being made.</summary>
    IReadOnlyList<VolumeInfo> Volumes { get; }

    /// <summary>Bytes that can still be written to the disk.</summary>
    long FreeBytes { get; }

    /// <summary>The largest file that may be written, as far as volumes can be made smaller for it.</summary>
    long FileBytesMax { get; }

    /// <summary>
    /// Why the disk has no room, or gives no right, for more than draining; null if all is well. What is kept back for draining is not
    /// whole then, or the next volume cannot be made.
    /// </summary>
    string? Obstacle { get; }

    /// <summary>What is kept back for draining is not whole: it may be what is being written with.</summary>
    bool IsShort { get; }

    /// <summary>Fills up what is kept back for draining, as far as the disk has room.</summary>
    /// <param name="moreBytes">To be kept back beside what every store needs: for a long snapshot.</param>
    void Replenish(long moreBytes);

    /// <summary>
    /// Takes from the disk, now, what a write of so many bytes of groups will need, and all that comes of it; or, when the disk refuses and
    /// <see cref="Obstacle"/> says so, what fewer will need.
    /// </summary>
    /// <param name="bytes">With new messages, which can be refused.</param>
    /// <param name="neededBytes">Of what cannot.</param>
    /// <returns>False if there is room for neither: nothing may be written, and nothing has changed.</returns>
    bool MakeRoom(long bytes, long neededBytes);

    /// <summary>The same for what can be left for later; no obstacle comes of it.</summary>
    /// <param name="bytes">Of groups and snapshots; none if nothing is to be written to the newest volume.</param>
    /// <param name="besideBytes">Of accepted ids.</param>
    bool TryMakeRoom(long bytes, long besideBytes = 0);

    /// <summary>Makes the files of the next volume ahead of need, unless they are there.</summary>
    /// <returns>False if the disk refuses; <see cref="Obstacle"/> says why.</returns>
    bool PrepareNext();

    /// <summary>
    /// Begins a new volume for the groups from <paramref name="firstGroup"/> on, with these blocks in it. On return all of it survives a
    /// power cut; after a crash in between the volume before is the newest. Snapshot and identity blocks of the volumes before are not seen
    /// any more.
    /// </summary>
    /// <returns>False if the disk refuses: the volume before is the newest still, and <see cref="Obstacle"/> says why. Never for the first
    /// volume.</returns>
    bool Roll(long firstGroup, IReadOnlyList<Block> first);

    /// <summary>
    /// Writes to the newest volume, and deletes from it, all or nothing; on return all of it survives a power cut. Only a part of a
    /// snapshot may be written over. Blocks of accepted ids and of events do not belong to a volume: they become durable before the others.
    /// Deleting what is not there does nothing.
    /// </summary>
    void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes);

    /// <summary>Drops a volume that is not the newest, and gives its space back.</summary>
    /// <returns>False if the disk refuses: it is there still.</returns>
    bool Drop(long firstGroup);

    /// <summary>
    /// The newest volume is damaged somewhere: what is written there next may fail for it. A new one should be begun before.
    /// </summary>
    bool IsNewestDamaged { get; }

    /// <summary>
    /// The files of the newest volume are nearly as large as files may be now, or larger: what is written there next may be refused, and in
    /// a new one it is not.
    /// </summary>
    bool IsNewestTooLarge { get; }

    /// <summary>The block's bytes, or null when there is none. Groups are found in every volume.</summary>
    /// <exception cref="DamagedBlockException">This block cannot be read; all others are as before.</exception>
    /// <exception cref="Disk.DiskRefusedException">The disk does not let its volume be opened now; <see cref="Obstacle"/> says
    /// why.</exception>
    byte[]? Read(BlockId id);

    /// <summary>
    /// The blocks of a kind with a number above <paramref name="after"/>, ascending, read in bounded pieces; of groups, those in the newest
    /// volume. Nothing is written while it is being enumerated.
    /// </summary>
    /// <exception cref="DamagedBlockException">A block of the next piece cannot be read.</exception>
    IEnumerable<Block> ReadFrom(BlockKind kind, long after);

    /// <summary>
    /// Keeps the bytes of a block that is not what was written, where people and tools find them. Does what it can, and never fails.
    /// </summary>
    void SetAside(Block block);

    /// <summary>
    /// One small step of housekeeping (a checkpoint, a piece of a dropped volume). Called between commits; cheap when nothing is due.
    /// </summary>
    /// <returns>Whether there was something to do, and so perhaps more.</returns>
    bool Maintain();

    /// <summary>
    /// Reads all that the engine keeps on disk and describes, in a sentence each, what is not as it was written; nothing when all is well.
    /// </summary>
    /// <exception cref="StoreFailedException">The engine is broken.</exception>
    IReadOnlyList<string> Check();
}
