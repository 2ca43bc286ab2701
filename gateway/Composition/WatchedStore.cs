using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store;

namespace Gateway.Composition;

/// <summary>
/// The core's way into the store, which notices when the store answers nothing although it was asked, as when its disk hangs. Pure; owned
/// by the loop.
/// </summary>
/// <param name="settings">Those of the links: the gateway's own view and what it tells its peers follow the same limit.</param>
internal sealed class WatchedStore(IStoreInput store, LoopClock clock, LinkSettings settings) : IStoreInput
{
    private readonly TimeSpan _patience = StoreWait.PatienceOf(settings);

    /// <summary>The last command submitted, until it is answered: the store answers in order.</summary>
    private StoreCommand? _newest;
    private TimeSpan _since;

    /// <summary>When it began to stall, if that was found; null while it answers.</summary>
    public DateTimeOffset? StalledSince { get; private set; }

    /// <summary>
    /// When it counts as stalled unless it answers before; <see cref="TimeSpan.MaxValue"/> when nothing waits, or it was found.
    /// </summary>
    public TimeSpan Due => _newest is null || StalledSince is not null ? TimeSpan.MaxValue : _since + _patience;

    /// <inheritdoc/>
    public void Submit(StoreCommand command)
    {
        if (_newest is null) _since = clock.Uptime;
        _newest = command;
        store.Submit(command);
    }

    /// <summary>The store has executed a command. True if this ends a stall.</summary>
    public bool OnAnswered(StoreCommand command)
    {
        _since = clock.Uptime;
        if (ReferenceEquals(command, _newest)) _newest = null;
        if (StalledSince is null) return false;
        StalledSince = null;
        return true;
    }

    /// <summary>True once for each stall, when it is found.</summary>
    public bool IsFound()
    {
        if (clock.Uptime < Due) return false;
        StalledSince = clock.Now - (clock.Uptime - _since);
        return true;
    }
}
