using Gateway.Links.Protocol;
using Gateway.Links.Receiving;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Records;

namespace Gateway.Composition;

/// <summary>
/// The core's way into the store, which notices when the store answers nothing although it was asked, as when its disk hangs. A command may
/// also wait because the disk has no room for it, so the store is asked for a sign of life first. Pure; owned by the loop.
/// </summary>
/// <param name="settings">Those of the links: the gateway's own view and what it tells its peers follow the same limit.</param>
internal sealed class WatchedStore(IStoreInput store, LoopClock clock, LinkSettings settings) : IStoreInput
{
    private readonly TimeSpan _patience = StoreWait.PatienceOf(settings);

    /// <summary>The last command submitted, until it is answered: all others are answered before it, or wait for room.</summary>
    private StoreCommand? _newest;
    private TimeSpan _since;
    private SignOfLifeCommand? _asked;
    private TimeSpan _askedAt;

    /// <inheritdoc/>
    public EngineStanding Standing => store.Standing;

    /// <inheritdoc/>
    public bool CanBeTakenOver => store.CanBeTakenOver;

    /// <summary>The time at which it began to stall, if a stall was found; null while it answers.</summary>
    public DateTimeOffset? StalledSince { get; private set; }

    /// <summary>
    /// The time at which it is asked for a sign of life, and then the time at which it counts as stalled, unless it answers before;
    /// <see cref="TimeSpan.MaxValue"/> when nothing waits, or it was found.
    /// </summary>
    public TimeSpan Due
    {
        get
        {
            if (_newest is null || StalledSince is not null) return TimeSpan.MaxValue;
            if (_asked is null) return _since + (_patience / 2);
            // The loop may have stood still itself before it asked.
            var (stalled, soonest) = (_since + _patience, _askedAt + (_patience / 4));
            return stalled > soonest ? stalled : soonest;
        }
    }

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
        if (ReferenceEquals(command, _asked)) _asked = null;
        if (StalledSince is null) return false;
        StalledSince = null;
        return true;
    }

    /// <summary>Asks for a sign of life when that is due. True once for each stall, when it is found.</summary>
    public bool IsFound()
    {
        if (clock.Uptime < Due) return false;
        if (_asked is null)
        {
            _asked = new SignOfLifeCommand();
            _askedAt = clock.Uptime;
            store.Submit(_asked);
            return false;
        }

        StalledSince = clock.Now - (clock.Uptime - _since);
        return true;
    }
}
