using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk.Log;

/// <summary>
/// Reads pages of the current epoch from the log: each is its batch's entry applied to the former version. The versions read last are kept,
/// so that reading successive pages reads each batch once. Every batch is checked each time it is read. Owned by the log's stream.
/// </summary>
internal sealed class LogReader(IDiskFile file, Guid volume)
{
    private readonly List<LogBatchHead> _batches = [];
    private readonly PageVersions _versions = new();
    private LogBatchHead _head;
    private List<LogEntry> _entries = [];
    private byte[] _batch = [];

    /// <summary>Adds a batch that follows the ones before.</summary>
    public void Add(LogBatchHead head) => _batches.Add(head);

    /// <summary>Begins another epoch.</summary>
    public void Clear()
    {
        _batches.Clear();
        _versions.Clear();
        (_head, _entries, _batch) = (default, [], []);
    }

    /// <summary>Describes every damaged batch.</summary>
    public IEnumerable<string> Check()
    {
        foreach (var head in _batches)
        {
            if (!TryLoad(head)) yield return $"{file.Name}: the batch at {LogLayout.PlaceOf(head.Epoch, head.Offset)} is damaged";
        }
    }

    /// <exception cref="CorruptPageException">The page is damaged.</exception>
    public void Read(long index, Span<byte> page)
    {
        // Back to a known version, or to one that begins with zeros; then forward again.
        var later = new Stack<long>();
        for (var at = index; at >= 0;)
        {
            var entry = Entry(at);
            if (_versions.Find(entry.Page) is { } known && known.Index == at)
            {
                known.Bytes.CopyTo(page);
                break;
            }

            later.Push(at);
            if (entry.Former < 0) page.Clear();
            Require(entry.Former < at, at);
            at = entry.Former;
        }

        foreach (var at in later) Apply(at, page, isWanted: at == index);
    }

    private void Apply(long index, Span<byte> page, bool isWanted)
    {
        var entry = Entry(index);
        Require(PageDelta.TryApply(_batch.AsSpan(entry.RunsOffset, entry.RunsLength), page), index);
        if (isWanted) _versions.Put(entry.Page, index, depth: 0, page);
    }

    private LogEntry Entry(long index)
    {
        if (_entries.Count == 0 || index < _head.FirstPage || index >= _head.FirstPage + _head.Pages)
        {
            var head = Find(index);
            Require(TryLoad(head), index);
        }

        return _entries[(int)(index - _head.FirstPage)];
    }

    private LogBatchHead Find(long index)
    {
        var (low, high) = (0, _batches.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_batches[middle].FirstPage <= index) low = middle;
            else high = middle - 1;
        }

        Require(_batches.Count > 0 && index >= _batches[low].FirstPage && index < _batches[low].FirstPage + _batches[low].Pages, index);
        return _batches[low];
    }

    private bool TryLoad(LogBatchHead wanted)
    {
        // The array of the batch before is used again, so nothing is loaded until this one is found to be whole.
        if (_batch.Length < wanted.LengthBytes) _batch = GC.AllocateUninitializedArray<byte>(wanted.LengthBytes);
        (_head, _entries) = (default, []);
        var batch = _batch.AsSpan(0, wanted.LengthBytes);
        var isWhole = LogLayout.Read(file, wanted.Epoch, wanted.Offset, batch) == batch.Length
            && LogBatch.IsHead(batch, volume) && LogBatch.TryRead(batch, out var head) && head == wanted;
        if (isWhole) (_head, _entries) = (wanted, LogBatch.Entries(batch, wanted));
        return isWhole;
    }

    private void Require(bool isRight, long index)
    {
        if (isRight) return;
        var (epoch, offset) = _batches.FindLast(head => head.FirstPage <= index) is var head ? (head.Epoch, head.Offset) : default;
        throw new CorruptPageException(file.Name, LogLayout.PlaceOf(epoch, offset) / LogLayout.SectorSize,
            $"log page {index} of epoch {epoch}");
    }
}
