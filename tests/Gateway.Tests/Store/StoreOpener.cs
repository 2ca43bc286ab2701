using Gateway.Store;
using Gateway.Store.Records;

namespace Gateway.Tests.Store;

/// <summary>Opens a store as a test says.</summary>
internal sealed class StoreOpener(Func<IStandby, MessageStore> open, bool mayWait = false) : IStoreOpener
{
    public bool MayWait => mayWait;

    public MessageStore Open(IStandby standby) => open(standby);
}
