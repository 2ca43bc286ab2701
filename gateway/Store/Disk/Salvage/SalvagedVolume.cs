using System.IO.Hashing;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk.Salvage;

/// <summary>
/// The two files of a volume, read without the engine: every frame with a valid checksum, and the documents that can be assembled from
/// their pages. Changes nothing in the files. Bound to one thread.
/// </summary>
internal sealed class SalvagedVolume : IDisposable
{
    private readonly IDiskFile? _data;
    private readonly IDiskFile? _log;
    private readonly LoggedPages _logged;
    private readonly PageMap _pages;
    private readonly List<string> _damage = [];
    private readonly byte[] _frame = new byte[PageFrame.Size];

    private SalvagedVolume(IDisk disk, string name)
    {
        Name = name;
        _data = OpenIfThere(disk, VolumeFiles.DataName(name));
        _log = OpenIfThere(disk, VolumeFiles.LogName(name));
        var isOneVolume = Headers(out var volume);
        var data = _data is null ? [] : DataPages(_data);
        _logged = _log is null || !isOneVolume ? LoggedPages.None : LoggedPages.Read(
            _log, volume, page => data.ContainsKey(page) ? DataPage(page + 1L) : null);
        foreach (var (place, isAtEnd) in _logged.Broken) _damage.Add($"{_log!.Name}: the batch at {place} is not what was written "
            + $"there{(isAtEnd ? "; what was written last may be missing, if it was ever confirmed" : "")}");
        if (_logged.HasGap) _damage.Add($"{_log!.Name}: pages of epoch {_logged.Epoch} are missing that had been flushed");
        _pages = PageMap.Build(data, _logged);
        _logged.KeepImages(_pages.Current.Values.Concat(_pages.Other.Values).Where(place => place.LogEpoch is not null)
            .Select(place => (place.LogEpoch!.Value, place.Number)));
        Collections = FindCollections();
        CountLostPages();
    }

    public string Name { get; }

    /// <summary>A sentence for each damaged frame, or run of frames.</summary>
    public IReadOnlyList<string> Damage => _damage;

    /// <summary>Names of the collections by their page, as far as they are known.</summary>
    public IReadOnlyDictionary<uint, string> Collections { get; }

    public static SalvagedVolume Open(IDisk disk, string name) => new(disk, name);

    /// <summary>
    /// Every document whose beginning was found: first the current ones, then those found only in other versions of pages.
    /// </summary>
    public IEnumerable<SalvagedDocument> Documents()
    {
        foreach (var page in _pages.Current.Keys.Order())
        {
            foreach (var document in DocumentsIn(page, isCurrent: true)) yield return document;
        }

        foreach (var page in OtherPages().Order())
        {
            foreach (var document in DocumentsIn(page, isCurrent: false)) yield return document;
        }
    }

    /// <summary>The numbers that the index has for a collection, whether or not their documents still exist.</summary>
    public IEnumerable<(uint Collection, long Number)> IndexedNumbers()
    {
        foreach (var (page, isCurrent) in _pages.Current.Keys.Select(page => (page, true))
            .Concat(OtherPages().Select(page => (page, false))))
        {
            var bytes = Page(page, isCurrent);
            if (bytes is null || LitePage.TypeOf(bytes) != LitePageType.Index) continue;
            for (var slot = 0; slot < LitePage.SlotCount(bytes); slot++)
            {
                if (LitePage.TryKey(LitePage.Segment(bytes, slot), out var key, out _)) yield return (LitePage.CollectionOf(bytes), key);
            }
        }
    }

    /// <summary>The bytes of a document; null if a part is lost. Only their own checksum proves them correct.</summary>
    public byte[]? Read(SalvagedDocument document) =>
        Read(document, document.IsCurrent) ?? (document.IsCurrent ? Read(document, isCurrent: false) : null);

    public void Dispose()
    {
        _data?.Dispose();
        _log?.Dispose();
    }

    /// <summary>Pages with a different version in the other map.</summary>
    private IEnumerable<uint> OtherPages() => _pages.Other.Where(
        entry => !_pages.Current.TryGetValue(entry.Key, out var current) || current != entry.Value).Select(entry => entry.Key);

    private byte[]? Read(SalvagedDocument document, bool isCurrent)
    {
        var whole = Array.Empty<byte>();
        var (address, filled) = (document.Start, 0);
        do
        {
            var page = address == PartAddress.None ? null : Page(address.Page, isCurrent);
            if (page is null || LitePage.TypeOf(page) != LitePageType.Data) return null;
            var segment = LitePage.Segment(page, address.Slot);
            if (segment.Length <= 6 || segment[0] != (address == document.Start ? 0 : 1)) return null;
            if (filled == 0)
            {
                if (!SalvagedDocument.TryHead(segment[6..], out var number, out var totalBytes) || number != document.Number) return null;
                whole = new byte[totalBytes];
            }

            var part = segment[6..];
            if (part.Length > whole.Length - filled) return null;
            part.CopyTo(whole.AsSpan(filled));
            filled += part.Length;
            address = LitePage.AddressAt(segment[1..]);
        }
        while (filled < whole.Length);

        return whole[SalvagedDocument.HeadBytes..^1];
    }

    private List<SalvagedDocument> DocumentsIn(uint number, bool isCurrent)
    {
        var found = new List<SalvagedDocument>();
        var page = Page(number, isCurrent);
        if (page is null || LitePage.TypeOf(page) != LitePageType.Data) return found;
        for (var slot = 0; slot < LitePage.SlotCount(page); slot++)
        {
            var segment = LitePage.Segment(page, slot);
            if (segment.Length <= 6 || segment[0] != 0) continue;
            if (SalvagedDocument.TryHead(segment[6..], out var id, out _))
                found.Add(new SalvagedDocument(LitePage.CollectionOf(page), id, new PartAddress(number, (byte)slot), isCurrent));
        }

        return found;
    }

    /// <summary>A page with an undamaged frame.</summary>
    private byte[]? Page(uint page, bool isCurrent)
    {
        if (!(isCurrent ? _pages.Current : _pages.Other).TryGetValue(page, out var place)) return null;
        if (place.LogEpoch is { } epoch) return _logged.Image(epoch, place.Number);
        return DataPage(place.Number);
    }

    private byte[]? DataPage(long frame)
    {
        var isWhole = _data!.Read(frame * PageFrame.Size, _frame) == PageFrame.Size && PageFrame.TryRead(_frame, out _);
        return isWhole ? PageFrame.Page(_frame).ToArray() : null;
    }

    private Dictionary<uint, DataPage> DataPages(IDiskFile file)
    {
        var pages = new Dictionary<uint, DataPage>();
        var frame = new byte[PageFrame.Size];
        for (var position = 1L; position * PageFrame.Size < file.Length; position++)
        {
            var read = file.Read(position * PageFrame.Size, frame);
            var isWhole = PageFrame.TryRead(frame.AsSpan(0, read), out var head)
                && head.Kind == FrameKind.Data && head.Position == position;
            if (isWhole) pages[(uint)(position - 1)] = new DataPage(head.Epoch, XxHash64.HashToUInt64(PageFrame.Page(frame)));
            else _damage.Add($"{file.Name}: page {position - 1} is not what was written there");
        }

        return pages;
    }

    private Dictionary<uint, string> FindCollections()
    {
        // A collection is listed in the header page from the commit that created it on.
        var names = new Dictionary<uint, string>();
        foreach (var header in new[] { Page(0, isCurrent: true), Page(0, isCurrent: false) })
        {
            if (header is null || LitePage.TypeOf(header) != LitePageType.Header) continue;
            foreach (var (page, name) in LitePage.Collections(header)) names.TryAdd(page, name);
        }

        return names;
    }

    private void CountLostPages()
    {
        var header = Page(0, isCurrent: true);
        if (header is null || LitePage.TypeOf(header) != LitePageType.Header) return;
        var lost = Enumerable.Range(0, (int)Math.Min(LitePage.LastPage(header) + 1L, int.MaxValue))
            .Count(page => !_pages.Current.ContainsKey((uint)page));
        if (_data is not null && lost > 0) _damage.Add($"{_data.Name}: {lost} of {LitePage.LastPage(header) + 1L} pages are missing");
    }

    /// <summary>Whether the log belongs to this data file, as far as the headers tell.</summary>
    private bool Headers(out Guid? volume)
    {
        var (data, log) = (Header(_data, FileRole.Data), Header(_log, FileRole.Log));
        volume = data ?? log;
        if (data is null || log is null || data == log) return true;
        _damage.Add($"{_log!.Name} belongs to another volume; nothing in it is used");
        return false;
    }

    private Guid? Header(IDiskFile? file, FileRole role)
    {
        if (file is null) return null;
        try
        {
            return FileHeader.Read(file, role);
        }
        catch (Exception damage) when (damage is CorruptPageException or IOException)
        {
            _damage.Add($"{file.Name}: the file header is not what was written there");
        }
        catch (StoreFormatException refused)
        {
            _damage.Add(refused.Message);
        }

        return null;
    }

    private IDiskFile? OpenIfThere(IDisk disk, string name)
    {
        if (disk.Exists(name)) return new SalvageFile(disk.Open(name));
        _damage.Add($"{name} is missing");
        return null;
    }
}
