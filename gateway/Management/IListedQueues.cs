using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>The queues that an operator must find among any number of others.</summary>
internal interface IListedQueues
{
    /// <summary>
    /// Whether an operator has paused the queue, an operation runs on it, or it belongs to an inlet or outlet. Called on the loop.
    /// </summary>
    bool IsListed(QueueId queue);
}
