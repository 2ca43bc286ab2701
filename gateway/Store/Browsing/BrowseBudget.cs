namespace Gateway.Store.Browsing;

/// <summary>
/// Limits what one command may read, so that the store's thread returns to the writers within milliseconds. The first group is always
/// granted, however large, so each command makes progress.
/// </summary>
internal sealed class BrowseBudget
{
    public const int GroupsMax = 8;
    public const int BytesMax = 512 * 1024;

    /// <summary>The dead-letter numbers to look up; many of those letters may be gone.</summary>
    public const int LettersMax = 4096;

    private readonly StoreReader _reader;
    private long _volume;
    private int _groups;
    private int _bytes;
    private int _letters;

    public BrowseBudget(StoreReader reader) => _reader = reader;

    /// <summary>
    /// Whether this group may still be read. A command reads in one volume: opening a second takes as long as reading many groups.
    /// </summary>
    public bool Grants(long group)
    {
        if (_groups > 0 && (_groups >= GroupsMax || _bytes >= BytesMax || _reader.Groups.VolumeOf(group) != _volume)) return false;
        _volume = _reader.Groups.VolumeOf(group);
        _groups++;
        return true;
    }

    public bool GrantsLetter() => ++_letters <= LettersMax;

    public void Spend(int bytes) => _bytes += bytes;
}
