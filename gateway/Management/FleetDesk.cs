using Gateway.Links;
using Gateway.Links.Fleet;

namespace Gateway.Management;

/// <summary>
/// Answers the peers' questions for this gateway's summary, as far as the configuration shares it, and no peer more than once a second.
/// One reading of the state serves all of them; it is repeated only after so long that readings for peers take a small share of the time,
/// however many queues there are. Owned by the loop.
/// </summary>
internal sealed class FleetDesk(StateReader state, IReadOnlyDictionary<string, OutgoingLink> links, LoopClock clock) : ISummarySource
{
    /// <summary>A peer that asks sooner again is not answered.</summary>
    public static readonly TimeSpan AnswerEvery = TimeSpan.FromSeconds(1);

    /// <summary>A reading serves for at least as long.</summary>
    private static readonly TimeSpan _freshFor = TimeSpan.FromSeconds(1.5);

    /// <summary>A reading serves for so many times as long as it took.</summary>
    private const int TimesReading = 20;

    private readonly Dictionary<string, TimeSpan> _answeredAt = [];
    private readonly List<Action<GatewayState>> _waiting = [];
    private GatewayState? _last;
    private TimeSpan _lastAt;
    private TimeSpan _freshUntil;

    /// <summary>Made from the last reading when it is first asked for; null until then.</summary>
    private GatewaySummary? _summary;

    /// <summary>What peers may see.</summary>
    public FleetShare Share
    {
        get;
        set => (field, _summary) = (value, null);
    } = FleetShare.Totals;

    /// <inheritdoc/>
    public void Ask(string peer, Action<GatewaySummary> answer)
    {
        if (_answeredAt.TryGetValue(peer, out var before) && clock.Uptime - before < AnswerEvery) return;
        Forget();
        _answeredAt[peer] = clock.Uptime;
        if (Share == FleetShare.Nothing) answer(GatewaySummary.None);
        else Read(found => answer(FleetSummaries.For(
            peer, _summary ??= FleetSummaries.Of(found, Share), found, clock.Uptime - _lastAt)));
    }

    private void Read(Action<GatewayState> answer)
    {
        if (_last is { } last && clock.Uptime < _freshUntil)
        {
            answer(last);
            return;
        }

        _waiting.Add(answer);
        if (_waiting.Count > 1) return;
        var began = clock.Uptime;
        state.Read(found =>
        {
            var took = clock.Uptime - began;
            (_last, _lastAt, _summary) = (found, clock.Uptime, null);
            _freshUntil = clock.Uptime + (TimesReading * took > _freshFor ? TimesReading * took : _freshFor);
            var waiting = _waiting.ToList();
            _waiting.Clear();
            foreach (var asked in waiting) asked(found);
        });
    }

    /// <summary>Keeps no more names than there are peers.</summary>
    private void Forget()
    {
        if (_answeredAt.Count <= links.Count) return;
        foreach (var gone in _answeredAt.Keys.Where(peer => !links.ContainsKey(peer)).ToList()) _answeredAt.Remove(gone);
    }
}
