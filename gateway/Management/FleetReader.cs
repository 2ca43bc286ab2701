using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;

namespace Gateway.Management;

/// <summary>
/// Gathers the fleet for operators: this gateway, and each configured peer with what it last told of itself. Peers are asked only
/// when somebody reads, and nobody waits for a peer that does not answer at once. Owned by the loop.
/// </summary>
internal sealed class FleetReader(IReadOnlyDictionary<string, OutgoingLink> links, LoopClock clock, StateReader state)
{
    /// <summary>The time that a reader may wait for answers.</summary>
    public static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(1);

    private readonly List<(TimeSpan Until, Action<FleetGlance> Answer)> _waiting = [];

    /// <summary>The time of the next scheduled tick, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> for none.</summary>
    public TimeSpan NextTick => _waiting.Count > 0 ? _waiting[0].Until : TimeSpan.MaxValue;

    /// <summary>Asks the peers that are due, and answers with what is known.</summary>
    /// <param name="waits">The caller prefers the answers that come within a moment; otherwise it is answered at once.</param>
    public void Read(bool waits, Action<FleetGlance> answer)
    {
        foreach (var link in links.Values.Where(link => link.Status.State == LinkState.Up)) link.Summary.Ask(OnSettled);
        if (waits && links.Values.Any(link => link.Summary.IsAwaited)) _waiting.Add((clock.Uptime + WaitMax, answer));
        else Answer(answer);
    }

    public void Tick()
    {
        while (_waiting is [var first, ..] && clock.Uptime >= first.Until)
        {
            _waiting.RemoveAt(0);
            Answer(first.Answer);
        }
    }

    private void OnSettled()
    {
        if (_waiting.Count == 0 || links.Values.Any(link => link.Summary.IsAwaited)) return;
        var waiting = _waiting.ToList();
        _waiting.Clear();
        foreach (var (_, answer) in waiting) Answer(answer);
    }

    private void Answer(Action<FleetGlance> answer) => state.Read(found =>
        answer(new FleetGlance(found, [.. found.Links.Select(Describe)])));

    /// <summary>A peer that is not configured has no link, and is asked nothing.</summary>
    private FleetGateway Describe(LinkSummary link)
    {
        var known = links.GetValueOrDefault(link.Status.Peer);
        return new FleetGateway
        {
            Name = link.Status.Peer,
            Link = link,
            IsHere = known?.IsPeerHere ?? false,
            ClockAhead = known?.PeerAhead,
            Answer = known?.Summary.Answer ?? PeerAnswer.None,
            Summary = known?.Summary.Last,
            SummaryAt = known?.Summary.LastAt ?? default,
        };
    }
}
