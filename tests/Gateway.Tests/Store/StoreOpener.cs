using Gateway.Store;

namespace Gateway.Tests.Store;

/// <summary>Opens a store as a test says.</summary>
internal sealed class StoreOpener(Func<MessageStore> open, bool mayWait = false) : IStoreOpener
{
    public bool MayWait => mayWait;

    public MessageStore Open() => open();
}
