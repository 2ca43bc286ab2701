using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;

namespace Gateway.Tests.Simulation;

/// <summary>
/// A story in the simulated world, told step by step: two gateways, a and b, whose links are up when it begins. Nothing happens between two
/// steps, and chance decides nothing that a story is about, so that it means the same whatever becomes of the random worlds.
/// </summary>
internal sealed class Scenario : IReplies
{
    /// <summary>Longer than any link takes to be up again.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(3);

    private readonly SimulatedWorld _world;
    private readonly HashSet<MessageId> _accepted = [];
    private int _lastConnection;
    private int _lastMessage;

    public Scenario(Func<SimulationProfile, SimulationProfile>? change = null)
    {
        _world = new SimulatedWorld(change is null ? SimulationProfile.Quiet() : change(SimulationProfile.Quiet()));
        Network.DropsInFlight = false;
        foreach (var consumer in _world.Consumers) consumer.IsAway = true;
        foreach (var gateway in _world.Gateways) gateway.Start();
        PassUntilUp();
    }

    public SimulatedNetwork Network => _world.Network;

    public SimulatedGateway this[string label] => _world.Gateways.Single(gateway => gateway.Label == label);

    public LinkStatus Link(string from, string to) => this[from].Links.Single(link => link.Peer == to);

    /// <summary>
    /// An application enqueues messages and has its receipts; what the gateway sends on at once is on its way, and does not arrive before
    /// time passes.
    /// </summary>
    public void Send(string at, string destination, int count = 1, TimeSpan? expiresIn = null)
    {
        var expires = expiresIn is { } time ? (_world.Clock.Now + time).ToUnixTimeMilliseconds() : 0;
        var separator = destination.IndexOf('@', StringComparison.Ordinal);
        for (var i = 0; i < count; i++)
        {
            _world.Ledger.Sent(IdOf(++_lastMessage), expires: expires > 0,
                [new Destination(destination[..separator], destination[(separator + 1)..])]);
            Enqueue(at, destination, _lastMessage, expires);
        }
    }

    /// <summary>An application enqueues a message of the story once more, and has its receipt again.</summary>
    /// <param name="message">The first one of the story is number 1.</param>
    public void SendAgain(string at, string destination, int message) => Enqueue(at, destination, message, expiresUnixMs: 0);

    /// <summary>All pending events happen, for so long; no application enqueues.</summary>
    public void Pass(TimeSpan time) => _world.Pass(time);

    public void PassSeconds(double seconds) => Pass(TimeSpan.FromSeconds(seconds));

    /// <summary>The causes that a link has while some time passes.</summary>
    public IReadOnlySet<LinkCause> CausesWithin(string from, string to, double seconds)
    {
        const double Glance = 0.05;
        var causes = new HashSet<LinkCause>();
        for (var passed = 0.0; passed < seconds; passed += Glance)
        {
            PassSeconds(Glance);
            causes.Add(Link(from, to).Cause);
        }

        return causes;
    }

    /// <summary>Time passes until the links between all gateways that run are up.</summary>
    public void PassUntilUp()
    {
        Pass(_soon);
        foreach (var link in _world.Gateways.SelectMany(gateway => gateway.Links, (gateway, link) => (gateway.Label, Status: link)))
        {
            if (_world.Gateways.Any(peer => peer.Label == link.Status.Peer) && link.Status.State != LinkState.Up)
                throw new SimulationException($"the link of {link.Label} to {link.Status.Peer} is not up: {link.Status}");
        }
    }

    /// <summary>Nothing passes between two gateways, and neither is told, until <see cref="Mend"/>.</summary>
    public void Cut(string one, string other)
    {
        Network.SetPath(one, other, PathState.Silent);
        Network.SetPath(other, one, PathState.Silent);
    }

    public void Mend() => Network.OpenAllPaths();

    public void Kill(string label)
    {
        this[label].Crash(losesPower: false);
        foreach (var consumer in _world.Consumers) consumer.OnGatewayDown();
    }

    public void Stop(string label)
    {
        this[label].Stop();
        foreach (var consumer in _world.Consumers) consumer.OnGatewayDown();
    }

    public void Start(string label) => this[label].Start();

    /// <summary>The store as it is, whether its gateway runs or not.</summary>
    public StoreCopy Copy(string label) =>
        this[label].TakeCopy() ?? throw new SimulationException($"the store of {label} cannot be copied now");

    /// <summary>The gateway is killed, and begins again on a copy of its store.</summary>
    public void PutBack(string label, StoreCopy copy)
    {
        this[label].PutBack(copy);
        foreach (var consumer in _world.Consumers) consumer.OnGatewayDown();
        Start(label);
    }

    /// <summary>The machine of a gateway as it is, with its memory; what is under way to its store waits there.</summary>
    public MachineSnapshot Snapshot(string label) =>
        this[label].TakeSnapshot() ?? throw new SimulationException($"the machine of {label} cannot be copied now");

    /// <summary>The machine goes on from there, in the same run.</summary>
    public void SetBack(string label, MachineSnapshot snapshot) => _world.Histories!.SetBack(this[label], snapshot);

    /// <summary>The commands that wait for the store of a gateway are executed and answered, each in a group of its own.</summary>
    public void StoreOneByOne(string label)
    {
        while (this[label].HasSubmitted)
        {
            this[label].ExecuteSome(1);
            this[label].CompleteSome(int.MaxValue);
        }
    }

    /// <summary>A further gateway begins on a copy of the store of another.</summary>
    public void StartTwin(string original, StoreCopy copy, bool hasOthersName)
    {
        _world.Histories!.Clone(this[original], copy, hasOthersName);
        Start(SimulationProfile.CopyName);
    }

    /// <summary>A consumer comes to a queue.</summary>
    /// <param name="index">The index among those that the queue has.</param>
    public SimulatedConsumer Consumer(string label, int index = 0)
    {
        var consumer = _world.Consumers.Where(consumer => consumer.IsAt(label, "orders")).ElementAt(index);
        consumer.IsAway = false;
        return consumer;
    }

    /// <summary>All faults are over, consumers take everything, an operator follows what links advise; the promises are checked.</summary>
    public void Finish() => _world.Finish();

    private static MessageId IdOf(int message) => new(new Guid(message, 0, 0, new byte[8]));

    private void Enqueue(string at, string destination, int message, long expiresUnixMs)
    {
        var (gateway, connection) = (this[at], $"script#{++_lastConnection}");
        _accepted.Remove(IdOf(message));
        gateway.OnClientFrames(connection, new Request.Hello("1", "script"), this);
        gateway.OnClientFrames(connection, new Request.Enqueue(
            RequestId.FromNumber(1), destination, [new EnqueueItem(IdOf(message), default, expiresUnixMs, new byte[8])]), this);
        gateway.ExecuteSome(int.MaxValue);
        gateway.CompleteSome(int.MaxValue);
        if (!_accepted.Contains(IdOf(message))) throw new SimulationException($"{at} did not accept message {message} to {destination}");
        gateway.OnClientLost(connection);
    }

    void IReplies.Send(Reply reply)
    {
        if (reply is not Reply.Accepted accepted) return;
        foreach (var id in accepted.MessageIds)
        {
            _accepted.Add(id);
            _world.Ledger.Accepted(id);
        }
    }
}
