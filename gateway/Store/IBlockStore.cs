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
}

internal readonly record struct BlockId(BlockKind Kind, long Number);

/// <summary>A numbered piece of bytes of at most 16 MB.</summary>
internal readonly record struct Block(BlockId Id, ReadOnlyMemory<byte> Bytes);

/// <summary>
/// The engine under the message store: numbered blocks of bytes, written atomically and durably. It knows nothing of what is in them. One thread
/// owns it: every member is called by that thread alone.
/// </summary>
internal interface IBlockStore : IDisposable
{
    /// <summary>
    /// Writes and deletes all or nothing; on return all of it survives a power cut. Only a part of a snapshot may be written over. Deleting what is not
    /// there does nothing.
    /// </summary>
    /// <exception cref="StoreFailedException">Nothing is known about the outcome; every later call throws too, and the process must stop.</exception>
    void Write(IReadOnlyList<Block> puts, IReadOnlyList<BlockId> deletes);

    /// <summary>The block's bytes, or null when there is none.</summary>
    /// <exception cref="StoreFailedException">The engine is broken.</exception>
    byte[]? Read(BlockId id);

    /// <summary>The blocks of a kind with a number above <paramref name="after"/>, ascending, read in bounded pieces. Nothing is written while it is being enumerated.</summary>
    /// <exception cref="StoreFailedException">The engine is broken.</exception>
    IEnumerable<Block> ReadFrom(BlockKind kind, long after);

    /// <summary>Housekeeping in small steps (checkpoints). Called between commits; cheap when nothing is due.</summary>
    /// <exception cref="StoreFailedException">As for <see cref="Write"/>.</exception>
    void Maintain();

    /// <summary>Reads all that the engine keeps on disk and describes, in a sentence each, what is not as it was written; nothing when all is well.</summary>
    /// <exception cref="StoreFailedException">The engine is broken.</exception>
    IReadOnlyList<string> Check();
}
