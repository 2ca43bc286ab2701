using Gateway.Dashboard.Access;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Dashboard.Browsing;

/// <summary>
/// One page of the messages that match a filter. The search proceeds in pieces, each shown when found, and can be stopped. Owned by the
/// circuit of its page.
/// </summary>
/// <param name="queue">Null for the dead letters.</param>
internal sealed class MessageListing(GuardedManagement management, QueueId? queue, Func<Task> shown) : IDisposable
{
    /// <summary>The maximum number of messages on a page, which bounds the page's memory.</summary>
    public const int PageMax = 500;

    /// <summary>The number of earlier page starts remembered; going back beyond them leads to the first page.</summary>
    private const int BeginningsMax = 1000;

    private readonly List<long> _beginnings = [];
    private readonly List<BrowseEntry> _entries = [];
    private CancellationTokenSource? _search;

    public BrowseFilter Filter { get; private set; } = BrowseFilter.All;

    public IReadOnlyList<BrowseEntry> Entries => _entries;

    public bool IsSearching { get; private set; }

    /// <summary>No further page follows.</summary>
    public bool IsEnd { get; private set; }

    /// <summary>The search was stopped before the page was full.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The page starts after this number.</summary>
    public long After { get; private set; }

    /// <summary>All messages up to this number were examined.</summary>
    public long ScannedUpTo { get; private set; }

    /// <summary>The number of groups that could not be read.</summary>
    public int DamagedGroups { get; private set; }

    public bool HasPrevious => _beginnings.Count > 0;

    public Task ShowFirstAsync(BrowseFilter filter)
    {
        Filter = filter;
        _beginnings.Clear();
        return SearchAsync(0);
    }

    /// <summary>Shows the latest messages; their start is estimated from the numbers.</summary>
    public Task ShowLastAsync(long tail)
    {
        Remember(After);
        return SearchAsync(Math.Max(0, tail - PageMax));
    }

    public Task ShowNextAsync()
    {
        Remember(After);
        return SearchAsync(ScannedUpTo);
    }

    public Task ShowPreviousAsync()
    {
        var beginning = _beginnings[^1];
        _beginnings.RemoveAt(_beginnings.Count - 1);
        return SearchAsync(beginning);
    }

    public Task RefreshAsync() => SearchAsync(After);

    public void Stop() => _search?.Cancel();

    public void Dispose() => Stop();

    private void Remember(long beginning)
    {
        _beginnings.Add(beginning);
        if (_beginnings.Count > BeginningsMax) _beginnings.RemoveAt(0);
    }

    private async Task SearchAsync(long after)
    {
        Stop();
        using var search = _search = new CancellationTokenSource();
        _entries.Clear();
        (After, ScannedUpTo, IsEnd, IsStopped, IsSearching, DamagedGroups) = (after, after, false, false, true, 0);
        try
        {
            while (!IsEnd && _entries.Count < PageMax)
            {
                var page = await management.BrowseAsync(queue, ScannedUpTo, Filter, PageMax - _entries.Count, search.Token);
                if (_search != search) return;
                _entries.AddRange(page.Entries);
                (ScannedUpTo, IsEnd) = (page.ScannedUpTo, page.IsEnd);
                DamagedGroups += page.Damaged.Count;
                await shown();
            }
        }
        catch (OperationCanceledException) when (search.IsCancellationRequested)
        {
            if (_search == search) IsStopped = true;
        }
        finally
        {
            if (_search == search) (_search, IsSearching) = (null, false);
        }

        await shown();
    }
}
