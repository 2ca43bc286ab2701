using Gateway.Store.Commands;

namespace Gateway.Tests.Store;

/// <summary>Keeps the messages that are to be moved on.</summary>
internal sealed class StoredMessages : List<Placed>, INextStep
{
    public void OnStored(IReadOnlyList<Placed> placed) => AddRange(placed);
}
