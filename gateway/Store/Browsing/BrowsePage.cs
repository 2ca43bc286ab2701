namespace Gateway.Store.Browsing;

/// <summary>The result of one command.</summary>
/// <param name="Entries">In order.</param>
/// <param name="ScannedUpTo">Everything up to this number was examined; the next command continues after it.</param>
/// <param name="IsEnd">Nothing follows.</param>
/// <param name="Damaged">Unreadable groups that were skipped; their messages leave their queues as damaged.</param>
internal sealed record BrowsePage(IReadOnlyList<BrowseEntry> Entries, long ScannedUpTo, bool IsEnd, IReadOnlyList<long> Damaged)
{
    public static BrowsePage Nothing(long after) => new([], after, true, []);
}
