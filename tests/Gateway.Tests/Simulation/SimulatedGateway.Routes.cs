using Gateway.Composition;
using Gateway.Intake;
using Gateway.Links.Sending;
using Gateway.Tcp;

namespace Gateway.Tests.Simulation;

/// <summary>The lists of the routes that spread, which somebody changes while the gateway runs.</summary>
internal sealed partial class SimulatedGateway
{
    /// <summary>As the file of its configuration has them: a restart goes on with them.</summary>
    private IReadOnlyList<string> _members = profile.Gateways;

    /// <summary>Some of the gateways, in any order: in the file, and in the running gateway.</summary>
    public void ChangeMembers()
    {
        var shuffled = profile.Gateways.ToArray();
        random.Shuffle(shuffled);
        _members = shuffled[..random.Next(1, shuffled.Length + 1)];
        if (!IsListening || IsStopping || IsFrozen) return;
        Use(PlacesOfPeers());
    }

    /// <summary>Nothing more can be sent to the other gateways, or it can again, as after a restart. Its links stay as they are.</summary>
    /// <returns>False if it does not take a configuration now.</returns>
    public bool KnowPeers(bool isKnown)
    {
        if (!IsListening || IsStopping || IsFrozen) return false;
        Use(isKnown ? PlacesOfPeers() : []);
        return true;
    }

    private Dictionary<string, PeerPlace> PlacesOfPeers() =>
        Peers.ToDictionary(peer => peer, peer => new PeerPlace($"tcp://{peer}:1", ""));

    private void Use(Dictionary<string, PeerPlace> peers)
    {
        var settings = new LiveSettings(peers, SimulatedRoutes.For(profile, _members), ApplicationBook.Open,
            new IntakeSettings { Limits = new() }.PendingBytesMax, profile.Inbox, profile.Store)
        { Tcp = Programs?.Settings ?? TcpSettings.None };
        Event(() => _core!.Live.Apply(settings, PeerChanges.Between(peers, peers), new SamePeers(), _ => { }));
    }

    /// <summary>The configurations have the same peers.</summary>
    private sealed class SamePeers : IPeerConnections
    {
        public ILinkConnection Add(string peer, PeerPlace place) => throw new SimulationException($"{peer} is not new");

        public void Move(string peer, PeerPlace place) => throw new SimulationException($"{peer} is where it was");

        public void Remove(string peer) => throw new SimulationException($"{peer} is still there");

        public void Trust(IReadOnlyDictionary<string, string> pins)
        {
        }
    }
}
