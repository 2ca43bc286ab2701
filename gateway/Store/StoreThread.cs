using Gateway.Store.Disk;
using Microsoft.Extensions.Logging;

namespace Gateway.Store;

/// <summary>
/// The thread that owns the store. It takes all commands that wait, lets the store commit them as one group, and only then hands them back:
/// the more that wait, the fewer flushes each costs (group commit).
/// </summary>
internal sealed partial class StoreThread
{
    private const int GroupBytesMax = 4 * 1024 * 1024;

    /// <summary>What is not urgent waits so long for what is, to share its flush.</summary>
    private static readonly TimeSpan _lazyDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>How often the store looks after itself when nobody wants anything of it.</summary>
    private static readonly TimeSpan _upkeepInterval = TimeSpan.FromSeconds(1);

    private readonly Func<MessageStore> _open;
    private readonly Action<IReadOnlyList<StoreCommand>> _executed;
    private readonly Action<StoreFailedException> _failed;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly TaskCompletionSource<Guid> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// A monitor, whose waiting thread sleeps at once: a semaphore would first spin each time, for nothing, since whoever submits has the
    /// processor.
    /// </summary>
    private readonly object _gate = new();
    private readonly Queue<StoreCommand> _waiting = [];
    private volatile string? _refused;

    /// <summary>The commands of the group that the store is at.</summary>
    private volatile int _executing;
    private bool _isStarted;
    private bool _urgent;
    private bool _stopping;

    /// <param name="open">Opens the store, on this thread; nobody else ever touches it.</param>
    /// <param name="executed">Called on the store's thread with commands that are durable; passes them to the loop.</param>
    /// <param name="failed">Called on the store's thread when nothing can be promised any more; the process must stop.</param>
    public StoreThread(Func<MessageStore> open, Action<IReadOnlyList<StoreCommand>> executed, Action<StoreFailedException> failed,
        ILogger<StoreThread> logger)
    {
        _open = open;
        _executed = executed;
        _failed = failed;
        _logger = logger;
        // One that a disk holds for ever must not keep the process; who wants what waits to be done waits in Stop.
        _thread = new Thread(Run) { Name = "store", IsBackground = true };
    }

    /// <summary>
    /// Whether a store that the disk refuses to open is tried again, until it opens or the gateway is stopped: there is one, and nothing is
    /// wrong with it.
    /// </summary>
    public Func<bool> MayWait { get; init; } = () => false;

    /// <summary>Why the store could not be opened yet; null if nothing keeps it.</summary>
    public string? Waiting => _refused;

    /// <summary>Starts the thread and gives the store's identity when it is open.</summary>
    /// <exception cref="StoreFailedException">The store cannot be opened.</exception>
    public Task<Guid> StartAsync()
    {
        _isStarted = true;
        _thread.Start();
        return _opened.Task;
    }

    /// <summary>Any thread. Never blocks; whoever submits keeps account of what is under way, and refuses more than a bound.</summary>
    public void Submit(StoreCommand command)
    {
        lock (_gate)
        {
            _waiting.Enqueue(command);
            if (_urgent || (command.IsLazy && _waiting.Count > 1)) return;
            _urgent = !command.IsLazy;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Any thread. The commands of which nobody knows yet whether they will be done.</summary>
    public int Left
    {
        get
        {
            lock (_gate) return _executing + _waiting.Count;
        }
    }

    /// <summary>Executes what waits, writes a snapshot, closes the store and ends the thread.</summary>
    /// <param name="limit">A disk that takes longer is taken for one that does not answer.</param>
    /// <returns>
    /// False when the limit is over. The thread still has the store then, which is to be taken for one whose process was killed.
    /// </returns>
    public bool Stop(TimeSpan limit)
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        return !_isStarted || _thread.Join(limit);
    }

    /// <summary>Any thread. A store that cannot be opened is not tried again; otherwise nothing.</summary>
    public void EndWaiting()
    {
        if (Waiting is null) return;
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        if (Open() is not { } store) return;
        try
        {
            // Disposed also after a failure: an engine that is left with an open transaction ends the process from its finalizer.
            using (store)
            {
                Run(store);
                store.Close();
            }
        }
        catch (StoreFailedException e)
        {
            LogFailed(e);
            _failed(e);
        }
    }

    private void Run(MessageStore store)
    {
        var hasMoreUpkeep = false;
        IReadOnlyList<StoreCommand> waiting = [];
        while (TakeGroup(hasMoreUpkeep ? TimeSpan.Zero : _upkeepInterval) is { } group)
        {
            group.InsertRange(0, waiting);
            if (group.Count > 0)
            {
                // What the disk has no room for waits here; nobody is told of it, and at the end it was not done.
                _executing = group.Count;
                waiting = store.ExecuteWhatCan(group);
                _executing = waiting.Count;
                if (waiting.Count > 0) group = group.Except(waiting).ToList();
                if (group.Count > 0) _executed(group);
            }

            hasMoreUpkeep = store.Maintain();
        }
    }

    /// <summary>
    /// The disk refuses, and may grant it later: whoever asks for health learns why, and a supervisor has nothing to restart.
    /// </summary>
    private bool WaitsFor(Exception cause)
    {
        if (DiskRefusedException.In(cause) is null || !MayWait()) return false;
        if (_refused is null) LogWaiting(cause.Message);
        _refused = $"The store cannot be opened yet, and is tried again every second: {cause.Message}";
        lock (_gate) return !_stopping && !(Monitor.Wait(_gate, _upkeepInterval) && _stopping);
    }

    private MessageStore? Open()
    {
        while (true)
        {
            try
            {
                return TryOpen();
            }
            catch (Exception cause) when (cause is StoreFailedException or DiskRefusedException && WaitsFor(cause))
            {
                // Once more.
            }
            catch (Exception e) when (e is StoreFailedException or StoreFormatException or StoreInUseException or CorruptPageException)
            {
                _opened.SetException(e);
                return null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _opened.SetException(new StoreFailedException($"The store cannot be opened: {e.Message} Check the path Gateway:Store:Path, "
                    + $"who may write there, and what room the disk has.", e));
                return null;
            }
        }
    }

    private MessageStore TryOpen()
    {
        var store = _open();
        _refused = null;
        _opened.SetResult(store.StoreId);
        return store;
    }

    /// <summary>The commands that wait, up to the size of a group; null when there are none and the store shall close.</summary>
    private List<StoreCommand>? TakeGroup(TimeSpan patience)
    {
        var group = new List<StoreCommand>();
        lock (_gate)
        {
            AwaitCommands(patience);
            if (_waiting.Count == 0 && _stopping) return null;
            for (var bytes = 0; bytes < GroupBytesMax && _waiting.TryDequeue(out var command);)
            {
                bytes += command.SizeBytes;
                group.Add(command);
            }

            _urgent = _waiting.Count > 0;
            return group;
        }
    }

    private void AwaitCommands(TimeSpan patience)
    {
        // A pulse that nobody waits for is lost, but what it told is in the fields.
        if (_waiting.Count == 0 && !_stopping) Monitor.Wait(_gate, patience);
        if (_waiting.Count > 0 && !_urgent && !_stopping) Monitor.Wait(_gate, _lazyDelay);
    }
}
