using System.Diagnostics;
using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Pages;

namespace Gateway.Store.Disk.Log;

/// <summary>
/// LiteDB's log: written by LiteDB's own writer, at first a background thread and later the committing thread; flushed by the volume's
/// thread alone. The gate guards all mutable state. FORMAT.md has the rules of the epoch.
/// </summary>
internal sealed class LogStream : PageStream
{
    /// <summary>
    /// The offsets in a page of its LiteDB transaction (32 bits) and, next, of the mark on the last page of a committed one (a byte).
    /// </summary>
    public const int TransactionOffset = 14;
    public const int ConfirmedOffset = 18;

    private static readonly TimeSpan _writeTimeMax = TimeSpan.FromSeconds(60);

    private readonly object _gate = new();
    private readonly IDiskFile _file;
    private readonly LogWriter _writer;
    private readonly LogReader _reader;
    private long _epoch;
    private long _pageCount;
    private long _flushedCount;
    private long _commits;
    private long _highestPage = -1;
    private bool _closed;
    private Exception? _failure;

    /// <summary>
    /// Continues the log found on disk. None of it counts as flushed: the process before may have been killed before its barrier.
    /// </summary>
    public LogStream(IDiskFile file, LogScan found)
    {
        _file = file;
        _writer = new LogWriter(file, found.Volume);
        _reader = new LogReader(file, found.Volume);
        foreach (var batch in found.Batches) _reader.Add(batch);
        _epoch = found.Epoch;
        _pageCount = found.PageCount;
    }

    public override long PageCount
    {
        get
        {
            lock (_gate)
                return _pageCount;
        }
    }

    public long Epoch
    {
        get
        {
            lock (_gate)
                return _epoch;
        }
    }

    /// <summary>The highest page of the data file in this epoch; -1 if there is none.</summary>
    public long HighestPage
    {
        get
        {
            lock (_gate)
                return _highestPage;
        }
    }

    /// <summary>Transactions whose last page was written since the file was opened.</summary>
    public long Commits
    {
        get
        {
            lock (_gate)
                return _commits;
        }
    }

    /// <summary>The engine's writer hangs in the disk. Waiting for it, as the engine does on closing, would hang too.</summary>
    public bool IsStuck
    {
        get
        {
            lock (_gate)
                return _failure is TimeoutException;
        }
    }

    /// <summary>
    /// Waits until the engine's writer has written the last page of this many transactions. Throws if a write or flush has failed, now or
    /// ever before, or if the page has not come within 60 seconds; so do the next two methods.
    /// </summary>
    public void AwaitCommits(long commits) => Await(() => _commits >= commits);

    /// <summary>Waits until the engine's writer has written this many bytes.</summary>
    public void AwaitLength(long bytes) => Await(() => _pageCount * PageFrame.PageSize >= bytes);

    /// <summary>On return every page written before survives a power cut. Costs nothing if all of them already do.</summary>
    public void Barrier()
    {
        long written;
        lock (_gate)
        {
            ThrowIfFailed();
            written = _pageCount;
            if (_flushedCount == written)
                return;
            WriteOut();
        }

        FlushFile();
        lock (_gate)
            _flushedCount = written;
    }

    /// <summary>
    /// Does nothing: the engine requests a flush whenever its queue is empty, which says nothing about a commit. <see cref="Barrier"/>
    /// flushes.
    /// </summary>
    public override void Flush()
    {
    }

    /// <summary>The engine clears its log after a checkpoint: the next epoch begins.</summary>
    public override void SetLength(long value)
    {
        Invariant.Require(value == 0, "the log is only ever cleared");
        if (PageCount > 0)
            BeginEpoch();
    }

    /// <summary>
    /// Forgets all pages. The caller has made their contents durable in the data file; the pages must also be durable here, since the next
    /// epoch overwrites the frames of the one before this.
    /// </summary>
    public void BeginEpoch()
    {
        lock (_gate)
        {
            Invariant.Require(_flushedCount == _pageCount, "an epoch ends with all of its pages flushed");
            _epoch++;
            _highestPage = -1;
            _pageCount = 0;
            _flushedCount = 0;
            _reader.Clear();
            _writer.BeginEpoch(_epoch);
        }
    }

    /// <summary>Extends the file to hold this many more pages.</summary>
    public void MakeRoom(long pages)
    {
        lock (_gate)
            _writer.MakeRoom(_pageCount, pages);
    }

    /// <summary>Erases the heads of torn batches, durably, so that no later write can complete one of them by accident.</summary>
    public void EraseTorn(IReadOnlyList<long> places)
    {
        foreach (var place in places)
            _file.Write(place, new byte[LogBatch.HeadSize]);
        FlushFile();
        lock (_gate)
            _flushedCount = _pageCount;
    }

    /// <summary>From now on every access throws, so that an abandoned engine cannot touch the file.</summary>
    public void Seal()
    {
        lock (_gate)
            _closed = true;
    }

    /// <summary>Describes every damaged batch.</summary>
    public IEnumerable<string> Check()
    {
        lock (_gate)
        {
            ThrowIfFailed();
            WriteOut();
            return [.. _reader.Check()];
        }
    }

    protected override void ReadPage(long page, Span<byte> buffer)
    {
        lock (_gate)
        {
            ThrowIfClosed();
            WriteOut();
            _reader.Read(page, buffer);
        }
    }

    protected override void WritePage(long page, ReadOnlySpan<byte> bytes)
    {
        lock (_gate)
        {
            try
            {
                ThrowIfFailed();
                Append(page, bytes);
            }
            catch (Exception failure)
            {
                // The engine's writer swallows exceptions, so the failure is kept for the committer. It must not be an IOException: on that
                // the engine closes itself, which on its writer's first thread waits for that very thread.
                _failure ??= failure;
                throw new StoreFailedException($"Writing {_file.Name} failed: {failure.Message}", failure);
            }
            finally
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Append(long page, ReadOnlySpan<byte> bytes)
    {
        Invariant.Require(page == _pageCount, "the engine appends to its log, one page after the other");

        if (_writer.IsFull) WriteBatch();
        _highestPage = Math.Max(_highestPage, _writer.Add(page, bytes));
        _pageCount++;
        if (bytes[ConfirmedOffset] == 0)
            return;
        WriteBatch();
        _commits++;
    }

    /// <summary>Pages of an incomplete transaction may wait to be written together with its last one.</summary>
    private void WriteOut()
    {
        try
        {
            WriteBatch();
        }
        catch (Exception failure)
        {
            _failure ??= failure;
            throw;
        }
    }

    private void WriteBatch()
    {
        if (_writer.IsEmpty) return;
        _reader.Add(_writer.WriteOut((uint)_flushedCount));
    }

    private void FlushFile()
    {
        try
        {
            _file.Flush();
        }
        catch (Exception failure)
        {
            lock (_gate)
                _failure ??= failure;
            throw;
        }
    }

    private void Await(Func<bool> reached)
    {
        var started = Stopwatch.GetTimestamp();
        lock (_gate)
        {
            while (!reached())
            {
                ThrowIfFailed();
                var left = _writeTimeMax - Stopwatch.GetElapsedTime(started);
                if (left <= TimeSpan.Zero || !Monitor.Wait(_gate, left))
                    _failure ??= new TimeoutException($"{_file.Name} took no write for {_writeTimeMax.TotalSeconds} s.");
            }

            ThrowIfFailed();
        }
    }

    private void ThrowIfFailed()
    {
        ThrowIfClosed();
        if (_failure is not null)
            throw new IOException($"{_file.Name} has failed before: {_failure.Message}", _failure);
    }

    private void ThrowIfClosed()
    {
        if (_closed)
            throw new IOException($"{_file.Name} is closed.");
    }
}
