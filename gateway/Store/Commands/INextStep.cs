namespace Gateway.Store.Commands;

/// <summary>
/// The next step of a message after the store: the link of its outgoing queue, or the inbox of its inbound queue.
/// </summary>
internal interface INextStep
{
    /// <summary>Called on the loop by each command that has stored messages, once they are durable.</summary>
    void OnStored(IReadOnlyList<Placed> placed);
}
