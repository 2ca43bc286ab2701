namespace Gateway.Store.Records;

/// <summary>
/// The disk under an engine that keeps files of its own: its space and limits, and what of the engine depends on them. The store's thread
/// owns it together with the engine, and every method throws as those of <see cref="IBlockStore"/> do.
/// </summary>
internal interface IBlockDisk
{
    /// <summary>Bytes that can still be written to the disk.</summary>
    long FreeBytes { get; }

    /// <summary>The largest file that may be written, to the extent that volumes can be made smaller for it.</summary>
    long FileBytesMax { get; }

    /// <summary>The reserve for draining is incomplete: writes may be drawing on it.</summary>
    bool IsShort { get; }

    /// <summary>Fills the reserve for draining, as far as the disk has space.</summary>
    /// <param name="moreBytes">Reserved in addition to what every store needs: for a long snapshot.</param>
    void Replenish(long moreBytes);

    /// <summary>
    /// Takes the disk space now that a write of this many bytes of groups, and its consequences, will need; or, if the disk refuses and
    /// <see cref="IBlockStore.Obstacle"/> says so, the space for fewer.
    /// </summary>
    /// <param name="bytes">Including new messages, which can be rejected.</param>
    /// <param name="neededBytes">Only writes that cannot be rejected.</param>
    /// <returns>False if there is space for neither: nothing may be written, and nothing has changed.</returns>
    bool MakeRoom(long bytes, long neededBytes);

    /// <summary>Likewise for writes that can be postponed; sets no obstacle.</summary>
    /// <param name="bytes">Bytes of groups and snapshots; 0 if nothing is to be written to the newest volume.</param>
    /// <param name="besideBytes">Bytes of accepted ids.</param>
    bool TryMakeRoom(long bytes, long besideBytes = 0);

    /// <summary>Creates the files of the next volume ahead of need, unless they exist.</summary>
    /// <returns>False if the disk refuses; <see cref="IBlockStore.Obstacle"/> says why.</returns>
    bool PrepareNext();

    /// <summary>The newest volume is damaged somewhere, so the next write to it may fail. A new volume should be begun first.</summary>
    bool IsNewestDamaged { get; }

    /// <summary>
    /// The newest volume's files are nearly as large as the current file size limit, or larger: the next write there may be refused, while
    /// one to a new volume is not.
    /// </summary>
    bool IsNewestTooLarge { get; }
}
