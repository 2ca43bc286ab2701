using System.Globalization;

namespace Gateway.Management;

/// <summary>
/// The last events of this run. Whoever follows them reads from where it stands, at its own pace, and is told what it comes too late for.
/// Owned by the loop.
/// </summary>
internal sealed class EventTail
{
    public const int EventsMax = 1024;

    /// <summary>Of their texts, together.</summary>
    public const int CharactersMax = 1024 * 1024;

    private readonly LoopClock _clock;
    private readonly long _begin;
    private readonly Queue<GatewayEvent> _kept = [];
    private long _characters;

    /// <param name="begin">The numbers of this run rise from here.</param>
    public EventTail(LoopClock clock, long begin)
    {
        _clock = clock;
        _begin = begin;
        Last = begin;
    }

    /// <summary>The number of the latest event, or where the run began.</summary>
    public long Last { get; private set; }

    /// <summary>The number of the latest event that is no longer kept, or where the run began.</summary>
    private long LastForgotten => Last - _kept.Count;

    public void Add(string kind, string about, string text)
    {
        _kept.Enqueue(new GatewayEvent(++Last, _clock.Now, kind, about, text));
        _characters += text.Length;
        while (_kept.Count > EventsMax || (_characters > CharactersMax && _kept.Count > 1)) _characters -= _kept.Dequeue().Text.Length;
    }

    /// <summary>
    /// The events after a number, the earliest first; none when there are none yet. When some of them are no longer kept, or the number was
    /// given by another run, an event of the kind <see cref="GatewayEvent.MissedKind"/> comes first, in their place.
    /// </summary>
    public IReadOnlyList<GatewayEvent> ReadAfter(long number, int eventsMax)
    {
        var isOfThisRun = number >= _begin && number <= Last;
        if (isOfThisRun && number >= LastForgotten) return [.. _kept.Skip((int)(number - LastForgotten)).Take(eventsMax)];
        return [isOfThisRun ? Missed(LastForgotten - number) : MissedOfOtherRuns(), .. _kept.Take(eventsMax - 1)];
    }

    private GatewayEvent Missed(long count) => new(LastForgotten, _clock.Now, GatewayEvent.MissedKind, "", string.Create(
        CultureInfo.InvariantCulture, $"{count} events are missing here: the last {_kept.Count} are kept. Read the state"), count);

    private GatewayEvent MissedOfOtherRuns() => new(LastForgotten, _clock.Now, GatewayEvent.MissedKind, "", string.Create(
        CultureInfo.InvariantCulture,
        $"The event that was read last is none of this run of the gateway: what happened before the gateway started is "
            + $"missing here{(LastForgotten > _begin ? $", and its own first {LastForgotten - _begin} events are" : "")}. Read the state"));
}
