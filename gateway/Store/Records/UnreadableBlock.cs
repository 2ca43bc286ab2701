using Gateway.Store.Disk.Log;

namespace Gateway.Store.Records;

/// <summary>The failures of a store with a damaged or missing block.</summary>
internal static class UnreadableBlock
{
    private const string Advice = "Stop the gateway and run 'gateway store repair': it saves everything readable into a new folder, "
        + "reports what is missing, and leaves these files as they are.";

    public static StoreFailedException Damaged(BlockId block, DamagedBlockException? cause = null) =>
        new($"The store's block {block.Kind} {block.Number} is damaged: {cause?.Why ?? "its bytes differ from those written"}. {Advice}",
            cause);

    public static StoreFailedException Missing(BlockId block) =>
        new($"The store's block {block.Kind} {block.Number} is missing. {Advice}");
}
