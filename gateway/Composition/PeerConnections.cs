using Gateway.Links;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;
using Gateway.Transport;
using Gateway.Transport.Dialing;

namespace Gateway.Composition;

/// <summary>The connections that this gateway makes to its peers. Owned by the loop.</summary>
internal sealed class PeerConnections(
    Endpoints endpoints, LoopQueue queue, LinkSockets sockets, ConnectionRounds rounds, FrontDoorCounters counters, TimeProvider time)
    : IPeerConnections, IWayBack
{
    /// <summary>The time for one of several addresses: the holder of the peer's store may be lost, and its standby active.</summary>
    private static readonly TimeSpan _quick = TimeSpan.FromSeconds(1);

    private readonly WaysBack _waysBack = new(endpoints, queue, time);
    private readonly Dictionary<string, PeerPlace> _places = [];
    private readonly Dictionary<string, PeerConnection> _byPeer = [];

    /// <summary>Those to peers that were removed, until they have ended.</summary>
    private readonly List<PeerConnection> _leaving = [];

    public IEnumerable<PeerConnection> All => _byPeer.Values.Concat(_leaving);

    public int Count => _byPeer.Count;

    /// <inheritdoc/>
    public ILinkConnection Add(string peer, PeerPlace place) =>
        _byPeer[peer] = new PeerConnection(place.Address, WaysTo(peer, place), queue, sockets, time);

    /// <inheritdoc/>
    public void Move(string peer, PeerPlace place) => _byPeer[peer].Move(place.Address, WaysTo(peer, place));

    /// <inheritdoc/>
    public void Remove(string peer)
    {
        _places.Remove(peer);
        _byPeer.Remove(peer, out var connection);
        Invariant.Require(connection is not null, "a peer that is removed was added before");
        connection.HangUpAfterSending();
        _leaving.RemoveAll(other => other.Ended.IsCompleted);
        _leaving.Add(connection);
    }

    /// <inheritdoc/>
    public void Trust(IReadOnlyDictionary<string, string> pins) => endpoints.Tls?.Use(pins);

    /// <inheritdoc/>
    public void Go(string peer, Action<ProbeFrame.DialedBack> done)
    {
        if (_places.TryGetValue(peer, out var place)) _waysBack.Go(peer, place, done);
        else done(new ProbeFrame.DialedBack(ProbeStage.None, LinkCause.NoRoute, $"{peer} is no longer among the peers"));
    }

    /// <summary>Gives up the dials made for probes; completes once they have ended.</summary>
    public Task EndWaysBackAsync() => _waysBack.EndAsync();

    private List<PeerWay> WaysTo(string peer, PeerPlace place)
    {
        _places[peer] = place;
        var addresses = place.Addresses;
        var patient = new DialSettings(endpoints.ConnectTimeout, endpoints.HandshakeTimeout) { Tls = endpoints.Tls, Peer = peer };
        var quick = patient with { ConnectTimeout = Shorter(patient.ConnectTimeout), HandshakeTimeout = Shorter(patient.HandshakeTimeout) };
        return [.. addresses.Select(address => new PeerWay(addresses.Count > 1 ? HostPort.Of(address.DnsSafeHost, address.Port) : "",
            DialerTo(address, patient), addresses.Count > 1 ? DialerTo(address, quick) : null))];
    }

    private Dialer DialerTo(Uri address, DialSettings settings) =>
        new(address.DnsSafeHost, address.Port, settings, rounds, counters, time);

    private static TimeSpan Shorter(TimeSpan timeout) => timeout < _quick ? timeout : _quick;
}
