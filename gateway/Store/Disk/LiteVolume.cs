using LiteDB;
using LiteDB.Engine;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Store.Disk;

/// <summary>
/// One LiteDB engine over two checked files, with a real barrier. Bound to the thread that opened it, reads included: LiteDB is not safe to
/// use from two, and its transactions belong to their thread.
///
/// Use: <see cref="Begin"/>, write, <see cref="Commit"/>; when an operation of the engine throws, <c>Engine.Rollback()</c>. Nothing is
/// written outside a transaction.
/// </summary>
internal sealed partial class LiteVolume : IDisposable
{
    /// <summary>
    /// Pages of log from which a checkpoint is due: a few are written in every commit and copied once in a checkpoint, but a longer one
    /// stalls longer.
    /// </summary>
    public const int CheckpointPages = 256;

    /// <summary>So that what is committed between two of them stays within the log's first areas.</summary>
    private const int TightCheckpointPages = CheckpointPages / 2;

    /// <summary>A commit changes about so many pages beside those with its bytes: header, collections, indexes, free lists.</summary>
    private const int OverheadPages = 24;

    /// <summary>What of a page is certain to be filled before the next one is begun.</summary>
    private const int PageBytesMin = 7000;

    private readonly int _owner = Environment.CurrentManagedThreadId;
    private readonly IDisk _disk;
    private readonly VolumeFiles _files;
    private readonly LogStream _log;
    private readonly DataStream _data;
    private readonly LiteEngine _engine;
    private readonly ILogger _logger;
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
            LogOpened(_logger, name, _data.PageCount, recovered, found.Epoch, found.Torn.Count);
        }
        catch
        {
            _files.Dispose();
            throw;
        }
    }

    /// <summary>The name that the volume's two files begin with.</summary>
    public string Name { get; }

    /// <summary>A page of it was found damaged; set by its reader. Nothing is written to its data file any more.</summary>
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

    /// <summary>Its files are not far below the limit of a file's size, or above: somebody has lowered that.</summary>
    public bool IsTooLarge => Math.Max(_files.Log.Length, _data.BytesFor(HighestPage)) > _disk.FileBytesMax / 2;

    /// <summary>The pages that the data file has, or will have.</summary>
    private long HighestPage => Math.Max(_data.PageCount, _log.HighestPage + 1);

    /// <summary>
    /// The log is long enough for a checkpoint to be worth it. Make it when nobody waits, with no transaction and no reader open.
    /// </summary>
    /// <param name="isTight">The disk has no room for the log to grow.</param>
    public bool IsCheckpointDue(bool isTight = false)
    {
        ThrowUnlessUsable();
        return _log.PageCount >= (isTight ? TightCheckpointPages : CheckpointPages);
    }

    /// <summary>
    /// Opens the volume, making it when there is none, and recovers what a crash left. The caller holds the <see cref="StoreLock"/> of the
    /// directory. Throws <see cref="StoreFailedException"/> when the disk refuses, <see cref="StoreFormatException"/> when the files are
    /// not ours to open, <see cref="CorruptPageException"/> when a page is damaged without which recovery would be a guess.
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

    /// <summary>Takes from the disk, now, what a commit of so many bytes and the checkpoint after it will need.</summary>
    /// <exception cref="DiskRefusedException">The disk has no room for them. Nothing has changed.</exception>
    public void MakeRoom(long bytes)
    {
        ThrowUnlessUsable();
        var pages = (bytes / PageBytesMin) + OverheadPages;
        MakeRoomInData(pages);
        // Where it goes on in the next areas, these are there before; in most commits it does not.
        _log.MakeRoom(pages);
    }

    /// <summary>
    /// Takes from the disk, now, what a checkpoint will need, or closing the volume; mostly it has been taken before. A volume that is
    /// closed, or has failed, needs nothing.
    /// </summary>
    /// <exception cref="DiskRefusedException">The disk has no room for it. Nothing has changed.</exception>
    public void MakeRoomForCheckpoint()
    {
        if (!_closed && _failure is null) MakeRoomInData(pages: 0);
    }

    /// <summary>Begins a transaction, and gives the engine to write with.</summary>
    public LiteEngine Begin()
    {
        ThrowUnlessUsable();
        // What a rollback gives back, it gives back in a transaction of its own, which must not be taken for the next one.
        if (_isUncommitted)
            Attempt("Rolling back in", AwaitWriter);
        _isUncommitted = true;
        _engine.BeginTrans();
        return _engine;
    }

    /// <summary>
    /// Commits the transaction that this thread began. On return all of it, and all before it, survives a power cut. On
    /// <see cref="StoreFailedException"/> it is stored whole or not at all, and this volume takes no more operations.
    /// </summary>
    /// <param name="isChange">False if nothing was changed, as when what was to be deleted is not there: then there is no page to wait
    /// for.</param>
    public void Commit(bool isChange = true)
    {
        ThrowUnlessUsable();
        Attempt("Committing to", () =>
        {
            // The engine hands its pages to a writer, and does not say when they are written. The last of them is marked, and until it is
            // there this is the only transaction.
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
    /// Copies the log into the data file and begins a new epoch. On return everything written before is durable in the data file. On
    /// <see cref="StoreFailedException"/> everything committed is still safe in the log, and this volume takes no more operations.
    /// </summary>
    public void Checkpoint()
    {
        ThrowUnlessUsable();
        Attempt("The checkpoint of", () =>
        {
            // The engine waits for its writer without an end, also when that has died; so it is waited for here first.
            AwaitWriter();
            var logPages = _log.PageCount;
            _data.WritesAllowed = true;
            _engine.Checkpoint();
            _data.WritesAllowed = false;
            _log.Barrier();
            LogCheckpoint(_logger, Name, logPages, _data.PageCount);
        });
    }

    /// <summary>Reads every page of both files and describes each bad one; nothing when all is well. Not within a transaction.</summary>
    public IEnumerable<string> Check()
    {
        ThrowUnlessUsable();
        return [.. _data.Check(), .. _log.Check()];
    }

    /// <summary>
    /// Rolls back an open transaction, makes a checkpoint and closes the files. Throws <see cref="StoreFailedException"/> when the
    /// checkpoint fails; everything committed is safe then, too. A volume that has failed is only closed.
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

    /// <summary>Closes the files and writes nothing, as if the process had been killed here.</summary>
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
        // What was taken before somebody lowered the limit is of no use beyond it.
        var limit = _disk.FileBytesMax;
        if (limit < long.MaxValue && Math.Max(_files.Log.Length, _data.BytesFor(HighestPage + pages)) > limit) throw TooLarge(limit);
        _data.MakeRoom(HighestPage + pages);
    }

    private DiskRefusedException TooLarge(long limit) =>
        new(DiskRefusal.FileSizeLimit, $"the files of the volume {Name} in {_disk.Path} need more than {limit} bytes, which is the "
            + $"limit of a file's size for this process (ulimit -f)");

    /// <summary>Waits until all that the engine has handed to its writer is written.</summary>
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
    /// operation makes it close what it has, transactions included (left alone, those would end the process from their finalizers).
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
