using Gateway.Store.Messages;

namespace Gateway.Store.State;

/// <summary>A picture of the state of one moment, which is told of each change before it happens. Called on the store's thread.</summary>
internal interface IStateDraft
{
    /// <summary>A queue is about to change, or to be forgotten.</summary>
    void Keep(QueueState queue);

    /// <summary>A dead letter is about to be removed, or to get another place.</summary>
    void Keep(DeadLetter letter);
}
