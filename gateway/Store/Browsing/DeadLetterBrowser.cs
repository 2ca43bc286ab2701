using Gateway.Store.Messages;

namespace Gateway.Store.Browsing;

/// <summary>Searches the dead letters after a number, as far as the budget reaches.</summary>
internal sealed class DeadLetterBrowser(StoreReader reader, BrowseFilter filter, int entriesMax)
{
    private readonly BrowseBudget _budget = new(reader);
    private readonly List<BrowseEntry> _found = [];
    private readonly List<long> _damaged = [];
    private readonly GroupIndex _index = new();

    public BrowsePage Browse(long after)
    {
        var last = reader.State.LastDeadLetter;
        for (var number = after + 1; number <= last; number++)
        {
            if (_found.Count >= entriesMax || !_budget.GrantsLetter()) return Page(number - 1, isEnd: false);
            if (reader.State.FindDeadLetter(number) is not { } letter || !filter.MayMatch(letter)) continue;
            if (_damaged.Contains(letter.Group)) continue;
            if (!TryOpen(letter.Group)) return Page(number - 1, isEnd: false);
            if (_index.Group == letter.Group) Look(letter);
        }

        return Page(Math.Max(after, last), isEnd: true);
    }

    /// <summary>False if the budget is spent.</summary>
    private bool TryOpen(long group)
    {
        if (_index.Group == group) return true;
        if (!_budget.Grants(group)) return false;
        if (reader.Groups.TryScan(group, out var block))
        {
            _index.Fill(block);
            _budget.Spend(block.Bytes.Length);
        }
        else
        {
            _damaged.Add(group);
        }

        return true;
    }

    private void Look(DeadLetter letter)
    {
        if (reader.State.Find(letter.Queue) is { } queue
            && _index.TryFind(queue.Handle, letter.MessageNumber, out var bytes) && MessageView.TryRead(bytes, out var message))
        {
            if (filter.Matches(message)) _found.Add(BrowseEntry.Of(letter, message));
            return;
        }

        reader.Groups.Report(_index.Block, $"it does not hold number {letter.MessageNumber} of {letter.Queue}");
        _damaged.Add(letter.Group);
        _found.RemoveAll(entry => entry.Group == letter.Group);
    }

    private BrowsePage Page(long scannedUpTo, bool isEnd) => new(_found, scannedUpTo, isEnd, _damaged);
}
