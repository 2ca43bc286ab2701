using Gateway.Store.Records;

namespace Gateway.Store.Holding;

/// <summary>
/// How to find out whether a write was done whose answer did not come: it is all or nothing, so that one of its blocks tells. Pure.
/// </summary>
internal static class WriteSign
{
    /// <summary>
    /// A block with a new number, which is there with these bytes or not. Null if there is none: parts of a snapshot and deletions may be
    /// repeated, which changes nothing.
    /// </summary>
    public static Block? Of(IReadOnlyList<Block> puts)
    {
        foreach (var put in puts)
        {
            if (put.Id.Kind != BlockKind.Snapshot) return put;
        }

        return null;
    }
}
