using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Store.Commands;

/// <summary>
/// Searches a queue, or the dead letters, after a number. It reads a limited part (<see cref="BrowseBudget"/>), so that writers do not wait
/// for it; for more, the caller repeats it after <see cref="BrowsePage.ScannedUpTo"/> until <see cref="BrowsePage.IsEnd"/>.
/// </summary>
/// <param name="queue">Null for the dead letters.</param>
/// <param name="after">The search begins with the next number.</param>
/// <param name="filter">The criteria.</param>
/// <param name="entriesMax">The search ends after this many matches; at least 1.</param>
/// <param name="done">Called on the loop.</param>
internal sealed class BrowseCommand(QueueId? queue, long after, BrowseFilter filter, int entriesMax, Action<BrowsePage> done) : StoreCommand
{
    /// <summary>For an answer that is more useful soon than complete.</summary>
    public bool IsGlance { get; init; }

    public override bool WaitsToRead => !IsGlance;

    public BrowsePage Page { get; private set; } = BrowsePage.Nothing(after);

    public override bool NeedsRoom => false;

    public override void Read(StoreReader reader)
    {
        if (queue is not { } id) Page = new DeadLetterBrowser(reader, filter, entriesMax).Browse(after);
        else if (reader.State.Find(id) is { } state) Page = new QueueBrowser(reader, state, filter, entriesMax).Browse(after);
    }

    public override void Complete() => done(Page);
}
