using Gateway.Links.Protocol;

namespace Gateway.Links.Causes;

/// <summary>
/// The runs of the peer that were seen, on connections in either direction, and whether one of them is connected to this gateway now. Pure;
/// owned by its link.
/// </summary>
internal sealed class PeerPresence(LinkHistory history, LoopClock clock)
{
    private readonly PeerRuns _runs = new();
    private DateTimeOffset _welcomedAt;

    /// <summary>The run that welcomed this side last; null before the first welcome in this run of the gateway.</summary>
    public GatewayIdentity? Welcomed { get; private set; }

    /// <summary>A connection that the peer has made to this gateway stands.</summary>
    public bool IsHere { get; private set; }

    /// <summary>The peer has said hello on a connection of its own, to this run or an earlier one.</summary>
    public bool DialsUs { get; private set; }

    /// <summary>The peer has answered a hello of this run or an earlier one, as far as the history reaches back.</summary>
    public bool HasAnswered => Welcomed is not null || history.LastIncarnation is not null;

    /// <summary>Runs have come back again and again of late: two gateways have the peer's name.</summary>
    public bool AreTwo => _runs.AreTwo(clock.Uptime);

    /// <summary>Tells a gateway that hangs from a program that never was one.</summary>
    public string AnsweredBefore => Welcomed is null
        ? history.LastIncarnation is null ? "no gateway has answered there yet" : "no gateway has answered there since this one was started"
        : $"the peer has answered a hello before, the last time at {Figures.Time(_welcomedAt)}";

    /// <summary>The evidence, in words, that there are two.</summary>
    public string DescribeTwo() => _runs.Describe(clock.Uptime);

    /// <summary>Restores whether the peer has dialed an earlier run.</summary>
    public void Restore(bool hasDialed) => DialsUs = hasDialed;

    /// <summary>The peer has said hello on a connection of its own. True if its run is later than the one known here.</summary>
    public bool OnHello(GatewayIdentity peer)
    {
        DialsUs = IsHere = true;
        // The hello of a former run may arrive late and is no news. Between a store and its replacement, only the clock tells which came
        // first.
        var isLater = Welcomed is { } known && (known.Precedes(peer)
            || (known.StoreId != peer.StoreId && peer.StartedUnixMs > known.StartedUnixMs));
        _runs.OnSeen(peer, clock.Uptime);
        return isLater;
    }

    /// <summary>Adds to the evidence of a second failure to reach the peer that it runs.</summary>
    public string AddPresence(LinkCause cause, string evidence) =>
        IsHere && cause is LinkCause.Refused or LinkCause.ConnectTimeout or LinkCause.Unreachable
            ? $"{evidence}; the peer runs all the same: its own connection to this gateway stands" : evidence;

    /// <summary>The last connection that the peer had made to this gateway has ended.</summary>
    public void OnGone() => IsHere = false;

    /// <summary>The peer has answered a hello.</summary>
    public void OnWelcome(GatewayIdentity peer)
    {
        Welcomed = peer;
        _welcomedAt = clock.Now;
        _runs.OnSeen(peer, clock.Uptime);
    }
}
