namespace Gateway.Tcp.Outlets;

/// <summary>
/// Streams that were reset here, until it is certain that the inlet's gateway will hear of it: while it cannot be told, it is told again
/// and again. Owned by its outlet.
/// </summary>
/// <param name="complete">Completes the message with which a stream began.</param>
internal sealed class UntoldEnds(OutletReplies replies, LoopClock clock, Action<OutletMessage> complete)
{
    private static readonly TimeSpan _again = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, UntoldEnd> _ends = [];
    private int _refused;
    private TimeSpan _tellAt;

    /// <summary>When those are told again that were refused; <see cref="TimeSpan.MaxValue"/> if there are none.</summary>
    public TimeSpan NextTick => _refused == 0 ? TimeSpan.MaxValue : _tellAt;

    public void Tell(ReplyAddress to)
    {
        if (!_ends.TryAdd(to.Conversation, new UntoldEnd(to))) return;
        Tell(_ends[to.Conversation]);
    }

    /// <summary>
    /// Completes the message with which the conversation began; only when its end is told, so that a later run finds the message otherwise,
    /// and tells it.
    /// </summary>
    public void Complete(OutletMessage began)
    {
        if (_ends.TryGetValue(began.Conversation, out var end)) end.Began = began;
        else complete(began);
    }

    public void Tick()
    {
        if (clock.Uptime < NextTick) return;
        var refused = _ends.Values.Where(end => end.IsRefused).ToList();
        _refused = 0;
        foreach (var end in refused)
        {
            end.IsRefused = false;
            Tell(end);
        }
    }

    private void Tell(UntoldEnd end) => replies.Tell(end.To, numbers: null, TcpNames.WasReset, () => OnTold(end), _ =>
    {
        end.IsRefused = true;
        if (_refused++ == 0) _tellAt = clock.Uptime + _again;
    });

    private void OnTold(UntoldEnd end)
    {
        if (end.IsRefused) return;
        _ends.Remove(end.To.Conversation);
        if (end.Began is { } began) complete(began);
    }

    private sealed class UntoldEnd(ReplyAddress to)
    {
        public ReplyAddress To => to;

        public OutletMessage? Began { get; set; }

        /// <summary>It could not be told, and is told again.</summary>
        public bool IsRefused { get; set; }
    }
}
