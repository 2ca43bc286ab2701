namespace Gateway.Store.Commands;

/// <summary>
/// Its completion shows that this process held the store after it was submitted. If another process has taken the store over, it does not
/// complete: the store has failed.
/// </summary>
/// <param name="done">Called on the loop.</param>
internal sealed class ProveHoldCommand(Action done) : StoreCommand
{
    public override bool NeedsRoom => false;

    public override bool WaitsToRead => false;

    public override bool ProvesHold => true;

    public override void Complete() => done();
}
