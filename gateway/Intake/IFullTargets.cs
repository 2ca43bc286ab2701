using Gateway.Store.Messages;

namespace Gateway.Intake;

/// <summary>The links of queues that cannot take any more messages.</summary>
internal interface IFullTargets
{
    /// <summary>The store has rejected messages for these queues and stored none of them. Called on the loop.</summary>
    void OnFull(IReadOnlyList<QueueId> targets, StoreRefusal why);
}
