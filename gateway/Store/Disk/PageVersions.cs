namespace Gateway.Store.Disk;

/// <summary>A page as written to the log.</summary>
/// <param name="Index">Its place among the pages of the epoch.</param>
/// <param name="Depth">The number of versions, each a difference from the one before, since the one that began with zeros.</param>
internal readonly record struct PageVersion(long Index, int Depth, byte[] Bytes);

/// <summary>
/// The last versions of the most recently used pages, whose next versions are about to be written or read: a few pages are in every commit,
/// and a page of a large body is linked to the next one soon or never. Owned by the owner of the log.
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

    /// <summary>Copies a version in place of the former one; the least recently used page is dropped.</summary>
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
