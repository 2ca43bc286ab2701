using Gateway.Links.Causes;

namespace Gateway.Tcp.Outlets;

/// <summary>The outlets of a gateway, by name. Owned by the loop.</summary>
internal sealed class OutletBook(OutletParts parts)
{
    private readonly SortedDictionary<string, Outlet> _outlets = new(StringComparer.Ordinal);

    /// <summary>What the store has kept of each outlet, also of those that are not configured.</summary>
    private readonly Dictionary<string, LinkHistory> _histories = [];

    /// <summary>The time of the next scheduled tick, in the loop's uptime.</summary>
    public TimeSpan NextTick
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var outlet in _outlets.Values)
            {
                if (outlet.NextTick is var its && its < next) next = its;
            }

            return next;
        }
    }

    public IReadOnlyList<OutletStatus> Statuses => [.. _outlets.Values.Select(outlet => outlet.Status)];

    /// <summary>The outlet that empties the queue is up; or there is none.</summary>
    public bool IsUp(string queue) =>
        _outlets.Values.All(outlet => outlet.Settings.Queue != queue || outlet.State == LinkState.Up);

    /// <summary>Nothing that was sent is in doubt.</summary>
    public bool IsDrained => _outlets.Values.All(outlet => outlet.IsDrained);

    /// <summary>Gives the outlet of this name a change of an earlier run; called in order, before the outlets begin.</summary>
    public void Restore(string name, LinkChange change) => HistoryOf(name).Restore(change);

    /// <summary>Begins with these, or goes on with these: unchanged ones keep their connections, others begin anew.</summary>
    public void Use(IReadOnlyList<OutletSettings> settings)
    {
        var kept = settings.Where(one => _outlets.TryGetValue(one.Name, out var outlet) && outlet.Settings == one)
            .Select(one => one.Name).ToHashSet();
        foreach (var name in _outlets.Keys.Where(name => !kept.Contains(name)).ToList())
        {
            During(_outlets[name], outlet => outlet.Stop());
            _outlets.Remove(name);
        }

        foreach (var one in settings.Where(one => !kept.Contains(one.Name)))
        {
            Outlet outlet = one.IsPerConversation
                ? new ConversationsOutlet(one, parts, HistoryOf(one.Name)) : new SharedOutlet(one, parts, HistoryOf(one.Name));
            _outlets[one.Name] = outlet;
            During(outlet, begun => begun.Start());
        }
    }

    public void Tick()
    {
        foreach (var outlet in _outlets.Values) During(outlet, one => one.Tick());
    }

    /// <summary>Takes no more messages: the gateway stops.</summary>
    public void Close()
    {
        foreach (var outlet in _outlets.Values) During(outlet, one => one.Close());
    }

    public void SayGoodbye()
    {
        foreach (var outlet in _outlets.Values) During(outlet, one => one.Stop());
    }

    private static void During(Outlet outlet, Action<Outlet> act)
    {
        outlet.Enter();
        act(outlet);
        outlet.Leave();
    }

    private LinkHistory HistoryOf(string name)
    {
        if (!_histories.TryGetValue(name, out var history)) _histories[name] = history = new LinkHistory(name, parts.Changes);
        return history;
    }
}
