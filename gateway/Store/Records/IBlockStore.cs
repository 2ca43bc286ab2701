using Gateway.Store.Disk.Log;

namespace Gateway.Store.Records;

/// <summary>The kinds of blocks; each kind has its own numbers. The names are part of the store's format.</summary>
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

    /// <summary>An event of the gateway.</summary>
    Event,
}

internal readonly record struct BlockId(BlockKind Kind, long Number)
{
    public override string ToString() => $"{Kind} {Number}";
}

/// <summary>A numbered sequence of at most 16 MB of bytes.</summary>
internal readonly record struct Block(BlockId Id, byte[] Bytes);

/// <summary>A part of the store that is dropped as a whole.</summary>
/// <param name="FirstGroup">Its groups begin with this number and end before the first of the next volume.</param>
/// <param name="SizeBytes">Its size on the disk, without its log.</param>
internal readonly record struct VolumeInfo(long FirstGroup, long SizeBytes);

/// <summary>
/// The engine under the message store: numbered blocks of bytes, in volumes. Only the newest volume is written. A new volume begins with a
/// snapshot, so that the older ones are needed only for the messages in their groups and are dropped once there are none. It knows nothing
/// of the contents of the blocks. One thread owns it and calls every member. Every member but Volumes throws
/// <see cref="StoreFailedException"/> if the engine or the disk fails; the outcome is then unknown, every later call throws too, and the
/// process must stop.
/// </summary>
internal interface IBlockStore : IDisposable
{
    /// <summary>Ascending; the last is the newest. Empty while a store is being created.</summary>
    IReadOnlyList<VolumeInfo> Volumes { get; }

    /// <summary>The disk of an engine that keeps files of its own; one without limits if it keeps none.</summary>
    IBlockDisk Disk { get; }

    /// <summary>
    /// Why new messages have to be rejected while stored ones drain, as a part of a sentence; null if they need not be. For an engine with
    /// files, the disk lacks space or permission: its reserve is incomplete, or the next volume cannot be created.
    /// </summary>
    string? Obstacle { get; }

    /// <summary>
    /// Begins a new volume for the groups from <paramref name="firstGroup"/> on, with these blocks in it. On return all of it survives a
    /// power cut; after a crash in between the volume before is the newest. Snapshot and identity blocks of the volumes before are seen
    /// only by those who ask for that volume.
    /// </summary>
    /// <returns>
    /// False if the disk refuses: the previous volume is still the newest, and <see cref="Obstacle"/> says why. Never for the first volume.
    /// </returns>
    bool Roll(long firstGroup, IReadOnlyList<Block> first);

    /// <summary>
    /// Writes to the newest volume, and deletes from it, all or nothing; on return all of it survives a power cut. Only a part of a
    /// snapshot may be overwritten. Blocks of accepted ids and of events belong to no volume: they become durable before the others.
    /// Deleting a missing block does nothing.
    /// </summary>
    void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes);

    /// <summary>Drops a volume other than the newest, and frees its space.</summary>
    /// <returns>False if the disk refuses: the volume still exists.</returns>
    bool Drop(long firstGroup);

    /// <summary>Returns the block's bytes, or null if there is none. Groups are found in every volume.</summary>
    /// <exception cref="DamagedBlockException">This block is unreadable; all others are unaffected.</exception>
    /// <param name="next">
    /// The groups that are probably read soon after it, nearest first: an engine that answers from afar may fetch some of them along. Read
    /// only during the call, and only as far as needed.
    /// </param>
    /// <exception cref="Disk.Files.DiskRefusedException">
    /// The disk does not let its volume be opened now; <see cref="Obstacle"/> says why.
    /// </exception>
    byte[]? Read(BlockId id, IEnumerable<long>? next = null);

    /// <summary>
    /// The blocks of a kind with a number above <paramref name="after"/>, ascending, read in bounded pieces. Nothing is written while it is
    /// being enumerated.
    /// </summary>
    /// <param name="volume">Of groups and snapshots, those in the volume that begins with this group; in the newest if not given.</param>
    /// <exception cref="DamagedBlockException">A block of the next piece cannot be read.</exception>
    IEnumerable<Block> ReadFrom(BlockKind kind, long after, long? volume = null);

    /// <summary>
    /// Called when what was read makes no sense, before that is called damage, and before something is told that holds only for the holder
    /// of the store: an engine that others may take over proves that this process is that. One that belongs to this process alone needs no
    /// proof.
    /// </summary>
    void Confirm()
    {
    }

    /// <summary>Keeps the bytes of a damaged block for people and tools. Best effort; never fails.</summary>
    void SetAside(Block block);

    /// <summary>
    /// Releases the memory that an engine takes for what it has read, and never returns by itself. Called when a store has read everything
    /// with which it opens, before it writes.
    /// </summary>
    void ForgetRead();

    /// <summary>
    /// Does one small step of housekeeping (a checkpoint, a piece of a dropped volume). Called between commits; cheap if nothing is due.
    /// </summary>
    /// <returns>Whether there was something to do, so that there may be more.</returns>
    bool Maintain();

    /// <summary>Reads everything that the engine keeps on disk and describes each fault in a sentence; empty if there is none.</summary>
    /// <exception cref="StoreFailedException">The engine is broken.</exception>
    IReadOnlyList<string> Check();
}
