using Gateway.Store.Records;

namespace Gateway.Store;

/// <summary>The way into the store for the intake, the links, the inbox and the operators' API.</summary>
internal interface IStoreInput
{
    /// <summary>
    /// Any thread; never blocks and throws nothing. Nothing is done or durable on return. The store executes commands in the order in which
    /// they were submitted; <see cref="StoreCommand.Complete"/> is called on the loop, in the same order, once the effect of a command is
    /// durable. The caller limits the commands that it has under way.
    /// </summary>
    void Submit(StoreCommand command);

    /// <summary>The state of an engine outside this process; well for one within. Any thread.</summary>
    EngineStanding Standing => EngineStanding.Well;

    /// <summary>Another process may take the store over, which this one notices later. Any thread.</summary>
    bool CanBeTakenOver => false;
}
