using Gateway.Store.Browsing;

namespace Gateway.Store.Commands;

/// <summary>
/// Looks for messages in a queue, or among the dead letters, from above a number. It reads a bounded part (<see cref="BrowseBudget"/>), so
/// that those who write do not wait for it; whoever wants more asks again, after <see cref="BrowsePage.ScannedUpTo"/>, until
/// <see cref="BrowsePage.IsEnd"/>.
/// </summary>
/// <param name="queue">Null for the dead letters.</param>
/// <param name="after">The first number that is looked at is the next one after this.</param>
/// <param name="filter">What is looked for.</param>
/// <param name="entriesMax">The command ends when it has found so many; at least 1.</param>
/// <param name="done">Called on the loop.</param>
internal sealed class BrowseCommand(QueueId? queue, long after, BrowseFilter filter, int entriesMax, Action<BrowsePage> done) : StoreCommand
{
    /// <summary>For an answer that is worth more soon than complete.</summary>
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
