namespace Gateway.Management;

/// <summary>
/// The last events of this run. Each reader continues from its own position, at its own pace, and is told of events it has missed. Owned by
/// the loop.
/// </summary>
internal sealed class EventTail
{
    public const int EventsMax = 1024;

    /// <summary>The limit for the texts of all events together.</summary>
    public const int CharactersMax = 1024 * 1024;

    private readonly LoopClock _clock;
    private readonly long _begin;
    private readonly Queue<GatewayEvent> _kept = [];
    private readonly List<Action> _watchers = [];
    private long _characters;

    /// <param name="begin">The event numbers of this run rise from here.</param>
    public EventTail(LoopClock clock, long begin)
    {
        _clock = clock;
        _begin = begin;
        Last = begin;
    }

    /// <summary>The number of the latest event, or the beginning of the run's numbers.</summary>
    public long Last { get; private set; }

    /// <summary>The number of the latest event no longer kept, or the beginning of the run's numbers.</summary>
    private long LastForgotten => Last - _kept.Count;

    /// <summary>Calls the watcher after each event, until <see cref="Unwatch"/>.</summary>
    public void Watch(Action watcher) => _watchers.Add(watcher);

    public void Unwatch(Action watcher) => _watchers.Remove(watcher);

    public void Add(string kind, string about, string text)
    {
        _kept.Enqueue(new GatewayEvent(++Last, _clock.Now, kind, about, text));
        _characters += text.Length;
        while (_kept.Count > EventsMax || (_characters > CharactersMax && _kept.Count > 1)) _characters -= _kept.Dequeue().Text.Length;
        foreach (var watcher in _watchers) watcher();
    }

    /// <summary>
    /// Returns the events after a number, earliest first; empty if there are none yet. If some of them are no longer kept, or another run
    /// gave the number, an event of the kind <see cref="GatewayEvent.MissedKind"/> comes first, in their place.
    /// </summary>
    public IReadOnlyList<GatewayEvent> ReadAfter(long number, int eventsMax)
    {
        var isOfThisRun = number >= _begin && number <= Last;
        if (isOfThisRun && number >= LastForgotten) return [.. _kept.Skip((int)(number - LastForgotten)).Take(eventsMax)];
        return [isOfThisRun ? Missed(LastForgotten - number) : MissedOfOtherRuns(), .. _kept.Take(eventsMax - 1)];
    }

    private GatewayEvent Missed(long count) => new(LastForgotten, _clock.Now, GatewayEvent.MissedKind, "",
        $"missing here: {Figures.Counted(count, "event")}; the last {_kept.Count} are kept. Read the state", count);

    private GatewayEvent MissedOfOtherRuns() => new(LastForgotten, _clock.Now, GatewayEvent.MissedKind, "",
        $"The last event read does not belong to this run of the gateway. Missing here: the events from before the gateway "
            + $"started{(LastForgotten > _begin ? $", and the first {Figures.Counted(LastForgotten - _begin, "event")} since" : "")}. "
            + $"Read the state");
}
