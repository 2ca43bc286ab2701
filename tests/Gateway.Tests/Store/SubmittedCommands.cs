using Gateway.Store;

namespace Gateway.Tests.Store;

/// <summary>Keeps what is asked of the store, until the test lets the store do it.</summary>
internal sealed class SubmittedCommands : Queue<StoreCommand>, IStoreInput
{
    public bool CanBeTakenOver { get; init; }

    public void Submit(StoreCommand command) => Enqueue(command);
}
