namespace Gateway.Store.Records;

/// <summary>
/// The disk of an engine without files: it has room for everything, and none of its volumes can be damaged or too large as a whole.
/// </summary>
internal sealed class NoBlockDisk : IBlockDisk
{
    public static readonly NoBlockDisk Instance = new();

    private NoBlockDisk()
    {
    }

    public long FreeBytes => long.MaxValue;

    public long FileBytesMax => long.MaxValue;

    public bool IsShort => false;

    public bool IsNewestDamaged => false;

    public bool IsNewestTooLarge => false;

    public void Replenish(long moreBytes)
    {
        // Nothing is reserved.
    }

    public bool MakeRoom(long bytes, long neededBytes) => true;

    public bool TryMakeRoom(long bytes, long besideBytes = 0) => true;

    public bool PrepareNext() => true;
}
