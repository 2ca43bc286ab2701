namespace Gateway.Store;

/// <summary>
/// The store can no longer promise anything: a write, a flush or a read failed, or its bytes are damaged. It ends the process; after a
/// restart everything that was confirmed before is there, unless the message says otherwise.
/// </summary>
internal sealed class StoreFailedException(string message, Exception? cause = null) : Exception(message, cause)
{
    private const string Advice = "Stop the gateway and run 'gateway store repair': it saves all that can be read into a new folder, "
        + "says what is missing, and leaves these files as they are.";

    public static StoreFailedException Damaged(BlockId block, DamagedBlockException? cause = null) =>
        new($"The store's block {block.Kind} {block.Number} is damaged: {cause?.Why ?? "its bytes are not what was written"}. {Advice}",
            cause);

    public static StoreFailedException Missing(BlockId block) =>
        new($"The store's block {block.Kind} {block.Number} is missing. {Advice}");
}
