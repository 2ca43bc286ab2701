using Gateway.Store;
using Gateway.Store.Blocks;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;
using Gateway.Tests.Store.Disk;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Gateway.Tests.Store;

/// <summary>The engine under the store.</summary>
public enum StoreEngine
{
    Memory,
    Lite,
}

/// <summary>How the store ended before it is opened again.</summary>
public enum StoreEnd
{
    /// <summary>An orderly stop, with a snapshot.</summary>
    Closed,

    /// <summary>The files are closed as they are.</summary>
    Disposed,

    /// <summary>The process was killed: nothing more is written.</summary>
    Killed,
}

/// <summary>A store with its disk, that can be ended and opened again. Its check runs whenever it ends, and must find nothing.</summary>
internal sealed class TestStore : IDisposable
{
    public static readonly Guid FirstId = new("00000000-0000-0000-0000-000000000001");

    private readonly StoreEngine _engine;
    private readonly StoreSettings _settings;
    private readonly MemoryBlockStore _memory = new();
    private LiteBlockStore? _lite;
    private bool _isOpen;

    public TestStore(StoreEngine engine, StoreSettings? settings = null, SimulatedDisk? disk = null)
    {
        _engine = engine;
        _settings = settings ?? new StoreSettings();
        Disk = disk ?? new SimulatedDisk();
        Open();
    }

    public SimulatedDisk Disk { get; }

    public MessageStore Store { get; private set; } = null!;

    public IBlockStore Blocks { get; private set; } = null!;

    public StoreState State => Store.State;

    /// <summary>One group, as the store's thread executes it: commit, completions, housekeeping.</summary>
    public void Execute(params IReadOnlyList<StoreCommand> commands)
    {
        Store.Execute(commands);
        foreach (var command in commands) command.Complete();
        Store.Maintain();
    }

    public void Reopen(StoreEnd end)
    {
        Check();
        End(end);
        Open();
        Check();
    }

    public void Check() => Store.Check().ShouldBeEmpty();

    public void Dispose()
    {
        if (!_isOpen) return;
        try
        {
            Check();
        }
        finally
        {
            End(StoreEnd.Killed);
        }
    }

    /// <summary>Ends the store without looking at it, as after a failure.</summary>
    public void End(StoreEnd end)
    {
        _isOpen = false;
        if (end == StoreEnd.Closed) Store.Close();
        else if (end == StoreEnd.Disposed) Store.Dispose();
        _lite?.Abandon();
    }

    private void Open()
    {
        _lite = _engine == StoreEngine.Lite ? new LiteBlockStore(Disk, NullLoggerFactory.Instance) : null;
        Blocks = _lite is null ? _memory : _lite;
        try
        {
            Store = MessageStore.Open(Blocks, _settings, FirstId);
            _isOpen = true;
        }
        catch
        {
            _lite?.Abandon();
            throw;
        }
    }
}
