using Gateway.Store.Disk.Files;
using Gateway.Store.Disk.Log;
using Gateway.Store.Disk.Pages;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging;

namespace Gateway.Store;

/// <summary>
/// The thread that owns the store. It takes all waiting commands, lets the store commit them as one group, and only then returns them: the
/// more commands wait, the smaller the share of a flush each costs (group commit).
/// </summary>
internal sealed partial class StoreThread : IStoreInput, IStandby
{
    private const int GroupBytesMax = 4 * 1024 * 1024;

    /// <summary>The time a lazy command waits for an urgent one whose flush it can share.</summary>
    private static readonly TimeSpan _lazyDelay = TimeSpan.FromMilliseconds(50);

    /// <summary>The interval of the store's housekeeping while no command waits.</summary>
    private static readonly TimeSpan _upkeepInterval = TimeSpan.FromSeconds(1);

    private readonly IStoreOpener _opener;
    private readonly IStoreOwner _owner;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly TaskCompletionSource _standsBy = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Guid> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>
    /// A monitor, whose waiting thread sleeps at once: a semaphore would first spin each time, in vain, since the submitting thread has the
    /// processor.
    /// </summary>
    private readonly object _gate = new();
    private readonly Queue<StoreCommand> _waiting = [];
    private volatile string? _refused;
    private volatile string? _standby;

    /// <summary>The process that holds the store, while this one waits for it.</summary>
    private string? _holder;
    private bool _wasCutOff;

    /// <summary>The number of commands in the group being executed.</summary>
    private volatile int _executing;
    private long _turns;
    private bool _isStarted;
    private bool _urgent;
    private bool _stopping;

    /// <param name="opener">Opens the store, on this thread; no other thread ever touches it.</param>
    /// <param name="owner">Receives durable commands, and the failure of the store.</param>
    public StoreThread(IStoreOpener opener, IStoreOwner owner, ILogger<StoreThread> logger)
    {
        _opener = opener;
        _owner = owner;
        _logger = logger;
        // A background thread: one that a disk blocks for ever must not keep the process alive; orderly completion is awaited in Stop.
        _thread = new Thread(Run) { Name = "store", IsBackground = true };
    }

    /// <summary>Why the store could not be opened yet; null if there is no obstacle.</summary>
    public string? Waiting => _refused;

    /// <summary>A sentence on the process that holds the store, while this one waits for it; null otherwise. Any thread.</summary>
    public string? Standby => _standby;

    /// <summary>Completes when this process first waits for another one that holds the store.</summary>
    public Task StandsBy => _standsBy.Task;

    /// <summary>The turns of the thread so far; at rest one for each look of the housekeeping, a second apart. Any thread.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <inheritdoc/>
    public EngineStanding Standing => _opener.Standing;

    /// <inheritdoc/>
    public bool CanBeTakenOver => _opener.CanBeTakenOver;

    /// <summary>Starts the thread; completes with the store's identity once the store is open.</summary>
    /// <exception cref="StoreFailedException">The store cannot be opened.</exception>
    /// <exception cref="OperationCanceledException">It was waited for, until <see cref="EndWaiting"/>.</exception>
    public Task<Guid> StartAsync()
    {
        _isStarted = true;
        _thread.Start();
        return _opened.Task;
    }

    /// <inheritdoc/>
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

    /// <summary>The number of commands whose outcome is still unknown. Any thread.</summary>
    public int Left
    {
        get
        {
            lock (_gate) return _executing + _waiting.Count;
        }
    }

    /// <summary>Executes the waiting commands, writes a snapshot, closes the store and ends the thread.</summary>
    /// <param name="limit">A disk that takes longer counts as not responding.</param>
    /// <returns>False if the limit is over. The thread then still holds the store, whose state is that after a kill.</returns>
    public bool Stop(TimeSpan limit)
    {
        lock (_gate)
        {
            _stopping = true;
            Monitor.Pulse(_gate);
        }

        return !_isStarted || _thread.Join(limit);
    }

    /// <inheritdoc/>
    bool IStandby.WasCutOff => _wasCutOff;

    /// <inheritdoc/>
    bool IStandby.WaitFor(string holder, TimeSpan lease)
    {
        (_wasCutOff, _refused) = (false, null);
        if (holder != _holder)
        {
            _holder = holder;
            _standby = $"The store is held by {holder}. This gateway stands by, and takes over when that process ends or has been silent "
                + $"for {Figures.Span(lease)}.";
            LogStandsBy(_standby);
            _standsBy.TrySetResult();
        }

        lock (_gate) return !_stopping;
    }

    /// <summary>Stops retrying to open a store, and waiting for its holder; does nothing once it is open. Any thread.</summary>
    public void EndWaiting()
    {
        lock (_gate)
        {
            if (Waiting is null && Standby is null) return;
            _stopping = true;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        if (Open() is not { } store) return;
        try
        {
            // Disposed of even after a failure: an engine left with an open transaction ends the process from its finalizer.
            using (store)
            {
                Run(store);
                store.Close();
            }
        }
        catch (StoreFailedException e)
        {
            LogFailed(e);
            _owner.OnFailed(e);
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
                // Commands without disk space wait here; they are reported to no caller, and at the end they were not done.
                _executing = group.Count;
                waiting = store.ExecuteWhatCan(group);
                _executing = waiting.Count;
                if (waiting.Count > 0) group = group.Except(waiting).ToList();
                if (group.Count > 0) _owner.OnExecuted(group);
            }

            hasMoreUpkeep = store.Maintain();
            Volatile.Write(ref _turns, _turns + 1);
        }
    }

    /// <summary>
    /// The disk or the engine refuses, and may later agree: health reports the reason, and a supervisor has nothing to restart.
    /// </summary>
    private bool WaitsFor(Exception cause)
    {
        var isPassing = cause is StoreUnavailableException || DiskRefusedException.In(cause) is not null;
        if (!isPassing || !_opener.MayWait) return false;
        _wasCutOff = _standby is not null;
        if (_refused is null) LogWaiting(cause.Message);
        _refused = $"The store cannot be opened yet; retrying every second: {cause.Message}";
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
            catch (Exception cause) when (cause is StoreFailedException or DiskRefusedException or StoreUnavailableException
                && WaitsFor(cause))
            {
                // Retry.
            }
            catch (Exception e) when (_standby is not null && _stopping && e is StoreInUseException or StoreUnavailableException)
            {
                _opened.SetCanceled();
                return null;
            }
            catch (Exception e) when (e is StoreFailedException or StoreFormatException or StoreInUseException or CorruptPageException)
            {
                _opened.SetException(e);
                return null;
            }
            catch (StoreUnavailableException e)
            {
                _opened.SetException(new StoreFailedException(e.Message, e));
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

    /// <summary>Returns the store; null if a stop ended the wait for it just when it could be opened, so that nobody uses it.</summary>
    private MessageStore? TryOpen()
    {
        var store = _opener.Open(this);
        bool isUnwanted;
        lock (_gate)
        {
            (_refused, _standby) = (null, null);
            isUnwanted = _stopping;
        }

        if (isUnwanted)
        {
            using (store) store.Close();
            _opened.SetCanceled();
            return null;
        }

        if (_holder is not null) LogTookOver(_holder);
        _opened.SetResult(store.StoreId);
        return store;
    }

    /// <summary>Takes the waiting commands, up to the size of a group; null if there are none and the store must close.</summary>
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
        // A pulse without a waiter is lost, but the fields hold what it announced.
        if (_waiting.Count == 0 && !_stopping) Monitor.Wait(_gate, patience);
        if (_waiting.Count > 0 && !_urgent && !_stopping) Monitor.Wait(_gate, _lazyDelay);
    }
}
