using Gateway.Links.Causes;

namespace Gateway.Tcp.Outlets;

/// <summary>The outlets of a gateway, by name. Owned by the loop.</summary>
internal sealed class OutletBook(OutletParts parts)
{
    /// <summary>
    /// An outlet that is changed or removed gets this time, and that of its replay window, until all that it has sent is delivered.
    /// </summary>
    private static readonly TimeSpan _leaveMax = TimeSpan.FromSeconds(10);

    private readonly SortedDictionary<string, Outlet> _outlets = new(StringComparer.Ordinal);

    /// <summary>
    /// Outlets that take nothing more, and still wait for the delivery of what they have sent; with the end of their time.
    /// </summary>
    private readonly List<(Outlet Outlet, TimeSpan Until)> _leaving = [];

    private IReadOnlyList<OutletSettings> _wanted = [];

    /// <summary>What the store has kept of each outlet, also of those that are not configured.</summary>
    private readonly Dictionary<string, LinkHistory> _histories = [];

    /// <summary>The time of the next scheduled tick, in the loop's uptime.</summary>
    public TimeSpan NextTick
    {
        get
        {
            var next = TimeSpan.MaxValue;
            foreach (var (outlet, until) in _leaving)
            {
                if (outlet.IsDrained) return TimeSpan.Zero;
                if (Earlier(outlet.NextTick, until) is var its && its < next) next = its;
            }

            foreach (var outlet in _outlets.Values)
            {
                if (outlet.NextTick is var its && its < next) next = its;
            }

            return next;
        }
    }

    public IReadOnlyList<OutletStatus> Statuses =>
        [.. All.Select(outlet => outlet.Status).OrderBy(status => status.Settings.Name, StringComparer.Ordinal)];

    /// <summary>The outlet that empties the queue is up; or there is none.</summary>
    public bool IsUp(string queue) => All.All(outlet => outlet.Settings.Queue != queue || outlet.State == LinkState.Up);

    /// <summary>Nothing that was sent is in doubt.</summary>
    public bool IsDrained => All.All(outlet => outlet.IsDrained);

    private IEnumerable<Outlet> All => _outlets.Values.Concat(_leaving.Select(one => one.Outlet));

    /// <summary>Gives the outlet of this name a change of an earlier run; called in order, before the outlets begin.</summary>
    public void Restore(string name, LinkChange change) => HistoryOf(name).Restore(change);

    /// <summary>
    /// Begins with these, or goes on with these: unchanged ones keep their connections. Changed ones begin anew once what was sent with the
    /// former settings is delivered: otherwise the former target and the new one could both have it.
    /// </summary>
    public void Use(IReadOnlyList<OutletSettings> settings)
    {
        _wanted = settings;
        foreach (var outlet in _outlets.Values.Where(outlet => !settings.Contains(outlet.Settings)).ToList())
        {
            During(outlet, one => one.Close());
            _outlets.Remove(outlet.Settings.Name);
            _leaving.Add((outlet, parts.Clock.Uptime + outlet.Settings.ReplayWindow + _leaveMax));
        }

        Replace();
    }

    public void Tick()
    {
        foreach (var outlet in All.ToList()) During(outlet, one => one.Tick());
        Replace();
    }

    /// <summary>Takes no more messages: the gateway stops.</summary>
    public void Close()
    {
        _wanted = [];
        foreach (var outlet in _outlets.Values) During(outlet, one => one.Close());
    }

    public void SayGoodbye()
    {
        foreach (var outlet in All) During(outlet, one => one.Stop());
    }

    /// <summary>Ends those that are to leave, and can or must; begins those that stood behind them.</summary>
    private void Replace()
    {
        foreach (var one in _leaving.Where(one => one.Outlet.IsDrained || parts.Clock.Uptime >= one.Until).ToList())
        {
            During(one.Outlet, outlet => outlet.Stop());
            _leaving.Remove(one);
        }

        foreach (var settings in _wanted.Where(one => !_outlets.ContainsKey(one.Name) && !IsAwaited(one)))
        {
            Outlet outlet = settings.IsPerConversation
                ? new ConversationsOutlet(settings, parts, HistoryOf(settings.Name))
                : new SharedOutlet(settings, parts, HistoryOf(settings.Name));
            _outlets[settings.Name] = outlet;
            During(outlet, begun => begun.Start());
        }
    }

    /// <summary>One that leaves has the name, whose history it writes, or the queue, whose order it keeps.</summary>
    private bool IsAwaited(OutletSettings settings) =>
        _leaving.Exists(one => one.Outlet.Settings.Name == settings.Name || one.Outlet.Settings.Queue == settings.Queue);

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

    private static TimeSpan Earlier(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
