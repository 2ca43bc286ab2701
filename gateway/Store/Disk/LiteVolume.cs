using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using LiteDB;
using LiteDB.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Store.Disk;

/// <summary>
/// One LiteDB engine over two checksummed files, with a real barrier. Bound to the thread that opened it, including reads: LiteDB is not
/// thread-safe, and its transactions belong to their thread.
/// <para>Use: <see cref="Begin"/>, write, <see cref="Commit"/>; if an operation of the engine throws, <c>Engine.Rollback()</c>. Nothing is
/// written outside a transaction.</para>
/// </summary>
internal sealed partial class LiteVolume : IDisposable
{
    /// <summary>
    /// The log length, in pages, at which a checkpoint is due: a few pages are written in every commit and copied once in a checkpoint, but
    /// a longer log stalls longer.
    /// </summary>
    public const int CheckpointPages = 256;

    /// <summary>Keeps the commits between two checkpoints within the log's first areas.</summary>
    private const int TightCheckpointPages = CheckpointPages / 2;

    /// <summary>
    /// The approximate number of pages a commit changes beside those with its bytes: header, collections, indexes, free lists.
    /// </summary>
    private const int OverheadPages = 24;

    /// <summary>The bytes of a page that are certainly filled before the next one begins.</summary>
    private const int PageBytesMin = 7000;

    private readonly int _owner = Environment.CurrentManagedThreadId;
    private readonly IDisk _disk;
    private readonly VolumeFiles _files;
    private readonly LogStream _log;
    private readonly DataStream _data;
    private readonly ILogger _logger;
    private LiteEngine _engine;
    private StoreFailedException? _failure;
    private bool _isUncommitted;
    private bool _closed;

    private LiteVolume(IDisk disk, string name, ILogger logger)
    {
        Name = name;
        _disk = disk;
        _logger = logger;
        _files = VolumeFiles.Open(disk, name);
        try
        {
            var found = LogScan.Read(_files.Log, _files.Id);
            _log = new LogStream(_files.Log, found);
            _data = new DataStream(_files.Data, _log) { WritesAllowed = true };
            var recovered = Recovery.Run(found, _log, _data, _files.Data.Name);
            _data.WritesAllowed = false;
            _engine = new LiteEngine(VolumeFiles.Settings(_data, _log));
            LogOpened(_logger, name, _data.PageCount, found.Epoch, recovered, found.Torn.Count);
        }
        catch
        {
            _files.Dispose();
            throw;
        }
    }

    /// <summary>The name with which the volume's two files begin.</summary>
    public string Name { get; }

    /// <summary>A reader found a damaged page. Nothing more is written to the volume's data file.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>
    /// The engine, for everything but commit, checkpoint and dispose. Throws <see cref="StoreFailedException"/> once the volume has failed.
    /// </summary>
    public LiteEngine Engine
    {
        get
        {
            ThrowUnlessUsable();
            return _engine;
        }
    }

    /// <summary>Its files approach or exceed the file size limit, which was lowered.</summary>
    public bool IsTooLarge => Math.Max(_files.Log.Length, _data.BytesFor(HighestPage)) > _disk.FileBytesMax / 2;

    /// <summary>The number of pages that the data file has or will have.</summary>
    private long HighestPage => Math.Max(_data.PageCount, _log.HighestPage + 1);

    /// <summary>
    /// The log is long enough for a worthwhile checkpoint. Run it when no command waits, with no transaction and no reader open.
    /// </summary>
    /// <param name="isTight">The disk has no room for the log to grow.</param>
    public bool IsCheckpointDue(bool isTight = false)
    {
        ThrowUnlessUsable();
        return _log.PageCount >= (isTight ? TightCheckpointPages : CheckpointPages);
    }

    /// <summary>
    /// Opens the volume, creating it if necessary, and recovers from a crash. The caller holds the <see cref="StoreLock"/> of the
    /// directory. Throws <see cref="StoreFailedException"/> if the disk refuses, <see cref="StoreFormatException"/> if the files are not
    /// this gateway's, and <see cref="CorruptPageException"/> if a page is damaged that recovery depends on.
    /// </summary>
    public static LiteVolume Open(IDisk disk, string name, ILogger? logger = null)
    {
        try
        {
            return new LiteVolume(disk, name, logger ?? NullLogger.Instance);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or LiteException)
        {
            throw new StoreFailedException($"Opening volume {name} in {disk.Path} failed: {refused.Message}", refused);
        }
    }

    /// <summary>
    /// Releases the memory of the pages that were read, which the engine never returns by itself: it begins anew on the same files. Does
    /// nothing once something was written since the volume was opened. Not within a transaction, nor with an open reader.
    /// </summary>
    public void ForgetRead()
    {
        ThrowUnlessUsable();
        if (_log.PageCount > 0) return;
        Attempt("Opening anew the", () =>
        {
            _engine.Dispose();
            _engine = new LiteEngine(VolumeFiles.Settings(_data, _log));
        });
    }

    /// <summary>Takes the disk space now that a commit of this many bytes and the checkpoint after it will need.</summary>
    /// <exception cref="DiskRefusedException">The disk has no space for them. Nothing has changed.</exception>
    public void MakeRoom(long bytes)
    {
        ThrowUnlessUsable();
        var pages = (bytes / PageBytesMin) + OverheadPages;
        MakeRoomInData(pages);
        // The next areas of the log are allocated before it reaches them; most commits do not.
        _log.MakeRoom(pages);
    }

    /// <summary>
    /// Takes the disk space now that a checkpoint, or closing the volume, will need; usually it was taken before. A volume that is closed
    /// or has failed needs nothing.
    /// </summary>
    /// <exception cref="DiskRefusedException">The disk has no space for it. Nothing has changed.</exception>
    public void MakeRoomForCheckpoint()
    {
        if (!_closed && _failure is null) MakeRoomInData(pages: 0);
    }

    /// <summary>Begins a transaction and returns the engine to write with.</summary>
    public LiteEngine Begin()
    {
        ThrowUnlessUsable();
        // A rollback frees pages in a transaction of its own, which must not be taken for the next one.
        if (_isUncommitted)
            Attempt("Rolling back in", AwaitWriter);
        _isUncommitted = true;
        _engine.BeginTrans();
        return _engine;
    }

    /// <summary>
    /// Commits the transaction that this thread began. On return it and everything before it survive a power cut. After
    /// <see cref="StoreFailedException"/> it is stored as a whole or not at all, and this volume accepts no more operations.
    /// </summary>
    /// <param name="isChange">
    /// False if nothing was changed, as when the documents to delete do not exist: there is then no page to wait for.
    /// </param>
    public void Commit(bool isChange = true)
    {
        ThrowUnlessUsable();
        Attempt("Committing to", () =>
        {
            // The engine hands its pages to a writer and does not report when they are written. The last one is marked, and until it is
            // written this is the only transaction.
            var commits = _log.Commits + 1;
            var committed = _engine.Commit();
            Invariant.Require(committed, "commit without a transaction; the engine rolls one back when an operation in it throws");
            if (isChange)
                _log.AwaitCommits(commits);
            else
                AwaitWriter();
            _log.Barrier();
        });
        _isUncommitted = false;
    }
    /// <summary>
    /// Copies the log into the data file and begins a new epoch. On return everything written before is durable in the data file. After
    /// <see cref="StoreFailedException"/> all commits are still safe in the log, and this volume accepts no more operations.
    /// </summary>
    public void Checkpoint()
    {
        ThrowUnlessUsable();
        Attempt("The checkpoint of", () =>
        {
            // The engine waits for its writer without a limit, even if that has died, so the wait is done here first.
            AwaitWriter();
            var logPages = _log.PageCount;
            _data.WritesAllowed = true;
            _engine.Checkpoint();
            _data.WritesAllowed = false;
            _log.Barrier();
            LogCheckpoint(_logger, Name, logPages, _data.PageCount);
        });
    }

    /// <summary>Reads every page of both files and describes each damaged one; empty if there is none. Not within a transaction.</summary>
    public IEnumerable<string> Check()
    {
        ThrowUnlessUsable();
        return [.. _data.Check(), .. _log.Check()];
    }

    /// <summary>
    /// Rolls back an open transaction, makes a checkpoint and closes the files. Throws <see cref="StoreFailedException"/> if the checkpoint
    /// fails; all commits are safe even then. A failed volume is only closed.
    /// </summary>
    public void Dispose()
    {
        if (_closed)
            return;
        if (_failure is not null)
        {
            Abandon();
            return;
        }

        try
        {
            Engine.Rollback();
            Checkpoint();
            _engine.Dispose();
            _closed = true;
        }
        finally
        {
            Abandon();
        }
    }

    /// <summary>Closes the files without writing, as if the process had been killed.</summary>
    public void Abandon()
    {
        if (!_closed && !_log.IsStuck)
            ThrowAway();
        UnfinishedTransactions.Forget(_engine);
        _closed = true;
        _files.Dispose();
    }

    private void MakeRoomInData(long pages)
    {
        // Space allocated before the limit was lowered is useless beyond it.
        var limit = _disk.FileBytesMax;
        if (limit < long.MaxValue && Math.Max(_files.Log.Length, _data.BytesFor(HighestPage + pages)) > limit) throw TooLarge(limit);
        _data.MakeRoom(HighestPage + pages);
    }

    private DiskRefusedException TooLarge(long limit) =>
        new(DiskRefusal.FileSizeLimit, $"the files of the volume {Name} in {_disk.Path} need more than {limit} bytes, which is the "
            + $"limit of a file's size for this process (ulimit -f)");

    /// <summary>Waits until everything that the engine has handed to its writer is written.</summary>
    private void AwaitWriter()
    {
        using var reader = _engine.Query("$database", new Query());
        var read = reader.Read();
        Invariant.Require(read, "the engine describes itself in one row");
        _log.AwaitLength(reader.Current["logFileSize"].AsInt32);
    }

    private void Attempt(string what, Action step)
    {
        try
        {
            step();
        }
        catch (LockRecursionException open)
        {
            throw new InvariantException($"a checkpoint within a transaction or with an open reader ({open.Message})");
        }
        catch (Exception cause) when (cause is not InvariantException)
        {
            _failure = new StoreFailedException($"{what} volume {Name} failed: {cause.Message}", cause);
            LogFailed(_logger, cause, Name, _failure.Message);
            throw _failure;
        }
    }

    /// <summary>
    /// Makes the engine end without touching the disk. Its own dispose would wait for a writer that may have died; an IOException within an
    /// operation makes it close everything, transactions included (which would otherwise end the process from their finalizers).
    /// </summary>
    private void ThrowAway()
    {
        _log.Seal();
        _data.Seal();
        try
        {
            var refused = Enumerable.Repeat(Name, 1)
                .Select<string, BsonDocument>(name => throw new IOException($"Volume {name} is closed."));
            _engine.Insert("abandoned", refused, BsonAutoId.ObjectId);
        }
        catch (Exception answer) when (answer is not InvariantException)
        {
            LogThrownAway(_logger, answer, Name);
        }
    }

    private void ThrowUnlessUsable()
    {
        Invariant.Require(Environment.CurrentManagedThreadId == _owner, "a volume is used by the thread that opened it");
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_failure is not null)
            throw new StoreFailedException(_failure.Message, _failure);
    }
}
