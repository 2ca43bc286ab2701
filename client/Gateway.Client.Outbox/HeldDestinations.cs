using Gateway.Client.Pacing;

namespace Gateway.Client.Outbox;

/// <summary>
/// The destinations for which rows wait, and when each is tried again. Rows that come meanwhile wait behind those, so that their order
/// holds. Owned by the relay's loop; time is that of a clock which nobody sets.
/// </summary>
internal sealed class HeldDestinations(Backoff backoff)
{
    private readonly Dictionary<string, (TimeSpan Due, TimeSpan Wait)> _held = new(StringComparer.Ordinal);

    /// <summary>When the next one is tried again; null if none is held.</summary>
    public TimeSpan? NextDue => _held.Count == 0 ? null : _held.Values.Min(held => held.Due);

    public bool Contains(string destination) => _held.ContainsKey(destination);

    /// <summary>Those to be tried now, the longest due first.</summary>
    public IReadOnlyList<string> Due(TimeSpan now, int max) =>
        [.. _held.Where(held => held.Value.Due <= now).OrderBy(held => held.Value.Due).Take(max).Select(held => held.Key)];

    /// <summary>Rows of the destination wait; they are tried at once, behind those that are due already.</summary>
    public void Add(string destination, TimeSpan now) => _held[destination] = (now, TimeSpan.Zero);

    /// <summary>It was refused now, and is tried after a wait that grows.</summary>
    public void Refuse(string destination, TimeSpan now)
    {
        var wait = backoff.Next(_held.GetValueOrDefault(destination).Wait);
        _held[destination] = (now + wait, wait);
    }

    public void Release(string destination) => _held.Remove(destination);
}
