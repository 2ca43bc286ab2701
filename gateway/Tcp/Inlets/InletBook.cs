using Gateway.Links.Causes;
using Gateway.Store.State;

namespace Gateway.Tcp.Inlets;

/// <summary>The inlets of a gateway, by name. Owned by the loop.</summary>
internal sealed class InletBook(InletParts parts)
{
    private readonly Dictionary<string, Inlet> _inlets = [];

    /// <summary>Inlets that are no more, and still deal with what they have read.</summary>
    private readonly List<Inlet> _leaving = [];

    /// <summary>What the store has kept of each inlet, also of those that are not configured.</summary>
    private readonly Dictionary<string, LinkHistory> _histories = [];

    /// <summary>Names of inlets of earlier runs with conversations whose ends the far side may not know.</summary>
    private readonly HashSet<string> _marked = [];

    /// <summary>Names of inlets that operators have paused, configured or not.</summary>
    private readonly HashSet<string> _paused = [];

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick => parts.WakeUps.Next;

    public IReadOnlyList<InletStatus> Statuses => [.. _inlets.Values.OrderBy(inlet => inlet.Settings.Name).Select(inlet => inlet.Status)];

    /// <summary>Everything that was read is durable, and what is owed for it was written.</summary>
    public bool IsDrained => _leaving.TrueForAll(inlet => inlet.IsDone) && _inlets.Values.All(inlet => inlet.IsDone || !inlet.IsClosing);

    /// <summary>Takes the notes of earlier runs; called before the first <see cref="Use"/>.</summary>
    public void Restore(IReadOnlyDictionary<string, string> marks)
    {
        foreach (var mark in marks.Keys.Where(mark => mark.StartsWith(MarkNames.Inlet, StringComparison.Ordinal)))
            _marked.Add(mark[MarkNames.Inlet.Length..]);
    }

    /// <summary>Gives the inlet of this name a change of an earlier run; called in order, before the first <see cref="Use"/>.</summary>
    public void Restore(string name, LinkChange change) => HistoryOf(name).Restore(change);

    /// <summary>The inlet of this name, or one that comes later, accepts nobody and reads nothing until it is resumed.</summary>
    public void Pause(string name)
    {
        if (_paused.Add(name)) _inlets.GetValueOrDefault(name)?.Pause();
    }

    public void Resume(string name)
    {
        if (_paused.Remove(name)) _inlets.GetValueOrDefault(name)?.Resume();
    }

    /// <summary>
    /// Begins with these inlets, or goes on with these: unchanged ones keep their connections, changed ones begin anew, and those left out
    /// end as at an orderly stop.
    /// </summary>
    public void Use(IReadOnlyList<InletSettings> settings)
    {
        _leaving.RemoveAll(inlet => inlet.IsDone);
        var wanted = settings.ToDictionary(inlet => inlet.Name);
        var marked = new HashSet<string>();
        foreach (var (name, inlet) in _inlets.ToList())
        {
            if (wanted.GetValueOrDefault(name) is { } same && same == inlet.Settings) continue;
            _inlets.Remove(name);
            _leaving.Add(inlet);
            if (wanted.ContainsKey(name) && inlet.IsMarked) marked.Add(name);
            inlet.Close(isReplaced: wanted.ContainsKey(name));
        }

        // After all that end: an address may pass from one to another.
        foreach (var one in settings.Where(one => !_inlets.ContainsKey(one.Name)))
        {
            var isNewRun = _marked.Remove(one.Name);
            var inlet = new Inlet(one, parts, HistoryOf(one.Name), isNewRun, isNewRun || marked.Contains(one.Name),
                _paused.Contains(one.Name));
            _inlets.Add(one.Name, inlet);
            inlet.Begin();
        }
    }

    public void Tick() => parts.WakeUps.Tick();

    /// <summary>Accepts and reads nothing more; what was read is made durable.</summary>
    public void Close()
    {
        foreach (var inlet in _inlets.Values) inlet.Close();
    }

    /// <summary>Ends all connections.</summary>
    public void SayGoodbye()
    {
        foreach (var inlet in _leaving.Concat(_inlets.Values)) inlet.SayGoodbye();
    }

    private LinkHistory HistoryOf(string name)
    {
        if (!_histories.TryGetValue(name, out var history)) _histories[name] = history = new LinkHistory(name, parts.Changes);
        return history;
    }
}
