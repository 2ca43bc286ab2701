using Gateway.Store;

namespace Gateway.Tests;

/// <summary>A store in memory behind a state machine under test: what it submits is executed and completed when the test says so.</summary>
internal sealed class StoreBench(StoreSettings? settings = null)
{
    private readonly MessageStore _store =
        MessageStore.Open(new MemoryBlockStore(), settings ?? new StoreSettings(), new Guid("00000000-0000-0000-0000-0000000000aa"));
    private readonly List<StoreCommand> _submitted = [];

    public StoreState State => _store.State;

    public Guid StoreId => _store.StoreId;

    public IReadOnlyList<StoreCommand> Submitted => _submitted;

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
        _store.Execute(group);
        foreach (var command in group) command.Complete();
    }

    /// <summary>The process ends before anything submitted has become durable.</summary>
    public void ForgetSubmitted() => _submitted.Clear();
}
