using Gateway.Store;
using Gateway.Store.Disk.Log;
using Gateway.Store.Records;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Store;

/// <summary>The store behind its thread, as the gateway's loop has it: submits commands and sleeps until all of them are durable.</summary>
internal sealed class ThreadedStore : IStoreOwner, IStoreOpener, IDisposable
{
    private readonly object _gate = new();
    private readonly Func<MessageStore> _open;
    private readonly StoreThread _thread;
    private int _missing;
    private StoreFailedException? _failure;

    private ThreadedStore(Func<MessageStore> open)
    {
        _open = open;
        _thread = new StoreThread(this, this, NullLogger<StoreThread>.Instance);
    }

    bool IStoreOpener.MayWait => false;

    /// <summary>Starts the thread; returns when the store is open.</summary>
    /// <exception cref="StoreFailedException">The store cannot be opened.</exception>
    public static async Task<ThreadedStore> StartAsync(Func<MessageStore> open)
    {
        var store = new ThreadedStore(open);
        await store._thread.StartAsync();
        return store;
    }

    public void Execute(IReadOnlyList<StoreCommand> commands)
    {
        lock (_gate) _missing = commands.Count;
        foreach (var command in commands) _thread.Submit(command);
        lock (_gate)
        {
            while (_missing > 0 && _failure is null) Monitor.Wait(_gate);
            if (_failure is not null) throw new StoreFailedException(_failure.Message, _failure);
        }
    }

    public void Dispose() => _thread.Stop(Timeout.InfiniteTimeSpan);

    MessageStore IStoreOpener.Open(IStandby standby) => _open();

    void IStoreOwner.OnExecuted(IReadOnlyList<StoreCommand> commands)
    {
        lock (_gate)
        {
            _missing -= commands.Count;
            if (_missing == 0) Monitor.Pulse(_gate);
        }
    }

    void IStoreOwner.OnFailed(StoreFailedException failure)
    {
        lock (_gate)
        {
            _failure = failure;
            Monitor.Pulse(_gate);
        }
    }
}
