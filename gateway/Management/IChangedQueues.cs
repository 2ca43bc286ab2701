using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>The queues that an operator has changed, and must find among any number of others.</summary>
internal interface IChangedQueues
{
    /// <summary>Whether an operator has paused the queue or an operation runs on it. Called on the loop.</summary>
    bool IsChanged(QueueId queue);
}
