using Gateway.Store;
using Gateway.Store.Messages;
using Gateway.Store.Records;
using Gateway.Store.State;
using Gateway.Tests.Store;

namespace Gateway.Tests;

/// <summary>A store in memory behind a state machine under test: what it submits is executed and completed when the test says so.</summary>
internal sealed class StoreBench(StoreSettings? settings = null) : IStoreInput
{
    private readonly MemoryBlockStore _blocks = new();
    private readonly List<StoreCommand> _submitted = [];
    private MessageStore? _opened;

    private MessageStore Opened =>
        _opened ??= MessageStore.Open(_blocks, settings ?? new StoreSettings(), new Guid("00000000-0000-0000-0000-0000000000aa"));

    public StoreState State => Opened.State;

    public Guid StoreId => Opened.StoreId;

    public long LastGroup => Opened.LastGroup;

    public IReadOnlyList<StoreCommand> Submitted => _submitted;

    public bool CanBeTakenOver { get; init; }

    public void Submit(StoreCommand command) => _submitted.Add(command);

    /// <summary>Executes and completes what was submitted, and what that submits, until nothing is left.</summary>
    public void Run()
    {
        while (_submitted.Count > 0) RunOnce();
    }

    /// <summary>Executes and completes, as one group, what has been submitted so far.</summary>
    public void RunOnce()
    {
        var group = _submitted.ToList();
        _submitted.Clear();
        Opened.Execute(group);
        foreach (var command in group) command.Complete();
    }

    /// <summary>A bit changes in the group that holds the message, which nobody has read yet.</summary>
    public void Damage(QueueId queue, long number)
    {
        var group = State.Find(queue)!.Find(number)!.Value.Group;
        _blocks.Read(new BlockId(BlockKind.Group, group))![^1] ^= 1;
    }

    /// <summary>The process ends before anything submitted has become durable.</summary>
    public void ForgetSubmitted() => _submitted.Clear();
}
