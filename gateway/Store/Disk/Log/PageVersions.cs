using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk.Log;

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

    private readonly Dictionary<uint, LinkedListNode<(uint Page, PageVersion Version)>> _versions = [];

    /// <summary>The least recently used page first.</summary>
    private readonly LinkedList<(uint Page, PageVersion Version)> _used = [];
    private readonly Stack<byte[]> _spare = [];

    public PageVersion? Find(uint page)
    {
        if (!_versions.TryGetValue(page, out var known)) return null;
        _used.Remove(known);
        _used.AddLast(known);
        return known.Value.Version;
    }

    /// <summary>Copies a version in place of the former one; the least recently used page is dropped.</summary>
    public void Put(uint page, long index, int depth, ReadOnlySpan<byte> bytes)
    {
        if (!_versions.TryGetValue(page, out var node)) _versions.Add(page, node = Room());
        else _used.Remove(node);
        var copy = node.Value.Version.Bytes;
        bytes.CopyTo(copy);
        node.Value = (page, new PageVersion(index, depth, copy));
        _used.AddLast(node);
    }

    public void Clear()
    {
        foreach (var (_, version) in _used) _spare.Push(version.Bytes);
        _versions.Clear();
        _used.Clear();
    }

    /// <returns>Room for a page, in neither collection.</returns>
    private LinkedListNode<(uint Page, PageVersion Version)> Room()
    {
        if (_versions.Count == PagesMax)
        {
            var oldest = _used.First!;
            _used.RemoveFirst();
            _versions.Remove(oldest.Value.Page);
            return oldest;
        }

        var bytes = _spare.TryPop(out var spare) ? spare : GC.AllocateUninitializedArray<byte>(PageFrame.PageSize);
        return new LinkedListNode<(uint Page, PageVersion Version)>((0, new PageVersion(0, 0, bytes)));
    }
}
