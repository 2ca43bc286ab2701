namespace Gateway.Store.Disk;

/// <summary>A page as it was written to the log.</summary>
/// <param name="Index">Its place among the pages of the epoch.</param>
/// <param name="Depth">How many versions before it, one differing from the next, begin with zeros.</param>
internal readonly record struct PageVersion(long Index, int Depth, byte[] Bytes);

/// <summary>
/// The last version of the pages that were used last, of which the next one is going to be written or read: few pages are in every commit,
/// and a page of a large body is linked to the next one soon, or never. Owned by whoever owns the log.
/// </summary>
internal sealed class PageVersions
{
    private const int PagesMax = 32;

    private readonly Dictionary<uint, (PageVersion Version, long Used)> _versions = [];
    private readonly Stack<byte[]> _spare = [];
    private long _uses;

    public PageVersion? Find(uint page)
    {
        if (!_versions.TryGetValue(page, out var known)) return null;
        _versions[page] = (known.Version, ++_uses);
        return known.Version;
    }

    /// <summary>Copies a version in place of the one before; the page that was used longest ago gives way.</summary>
    public void Put(uint page, long index, int depth, ReadOnlySpan<byte> bytes)
    {
        var copy = _versions.TryGetValue(page, out var known) ? known.Version.Bytes : Room();
        bytes.CopyTo(copy);
        _versions[page] = (new PageVersion(index, depth, copy), ++_uses);
    }

    public void Clear()
    {
        foreach (var (version, _) in _versions.Values) _spare.Push(version.Bytes);
        _versions.Clear();
    }

    private byte[] Room()
    {
        if (_versions.Count == PagesMax)
        {
            _versions.Remove(_versions.MinBy(entry => entry.Value.Used).Key, out var oldest);
            return oldest.Version.Bytes;
        }

        return _spare.TryPop(out var spare) ? spare : GC.AllocateUninitializedArray<byte>(PageFrame.PageSize);
    }
}
