namespace Gateway.Store.Browsing;

/// <summary>What one command found.</summary>
/// <param name="Entries">In order.</param>
/// <param name="ScannedUpTo">Everything up to this number was looked at; the next command goes on after it.</param>
/// <param name="IsEnd">There was nothing after that.</param>
/// <param name="Damaged">Groups that could not be read and were passed over; their messages leave their queues as damaged.</param>
internal sealed record BrowsePage(IReadOnlyList<BrowseEntry> Entries, long ScannedUpTo, bool IsEnd, IReadOnlyList<long> Damaged)
{
    public static BrowsePage Nothing(long after) => new([], after, true, []);
}
