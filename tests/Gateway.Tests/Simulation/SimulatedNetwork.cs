using Gateway.Links.Protocol;

namespace Gateway.Tests.Simulation;

/// <summary>All connections between gateways, and the faults that befall them.</summary>
internal sealed partial class SimulatedNetwork(SimulationProfile profile, SimulatedClock clock, Occurrences occurrences, Random random)
{
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SimulatedGateway> _gateways = [];
    private readonly Dictionary<string, SimulatedGateway> _standbys = [];
    private readonly Dictionary<(string From, string To), PathState> _paths = [];
    private readonly Dictionary<(string From, string To), TimeSpan> _delays = [];
    private readonly Dictionary<(string From, string To), int> _rates = [];
    private readonly Dictionary<(string From, string To), SimulatedConnection> _newestHeard = [];
    private readonly List<SimulatedConnection> _connections = [];
    private int _lastNumber;

    /// <summary>The second of a name is the standby of the first.</summary>
    public void Add(SimulatedGateway gateway)
    {
        if (!_gateways.TryAdd(gateway.Name, gateway)) _standbys.Add(gateway.Name, gateway);
    }

    public Occurrences Occurrences => occurrences;

    public IEnumerable<SimulatedGateway> All => _gateways.Values.Concat(_standbys.Values);

    /// <summary>How often the memory of each gateway began anew or was put back.</summary>
    public IReadOnlyDictionary<string, int> LivesOfAll() => _gateways.ToDictionary(gateway => gateway.Key, gateway => gateway.Value.Lives);

    /// <summary>The gateway of that name; of two processes the one that has opened their store last.</summary>
    public SimulatedGateway this[string name] =>
        _standbys.TryGetValue(name, out var standby) && standby.Runs > _gateways[name].Runs ? standby : _gateways[name];

    /// <summary>The process of a gateway to which somebody connects, who knows the addresses of all of them.</summary>
    public SimulatedGateway AnyOf(SimulatedGateway gateway) => !_standbys.TryGetValue(gateway.Label, out var standby) ? gateway
        : random.Next(2) == 0 ? standby : _gateways[gateway.Label];

    public bool LosesWhatIsInFlight() => DropsInFlight ?? random.Next(2) == 0;

    public SimulatedConnection Dial(SimulatedDialer dialer)
    {
        var connection = new SimulatedConnection(++_lastNumber, dialer, AnyOf(dialer.Peer), profile.Links, clock.Now);
        if (_holdsNext.Remove((dialer.From.Name, dialer.Peer.Name), out var hold)) connection.Holds = hold;
        _connections.Add(connection);
        return connection;
    }

    /// <summary>The frames that were sent so far.</summary>
    public long Frames { get; private set; }

    /// <summary>The connections that stand.</summary>
    public int Established => _connections.Count(connection => connection.IsEstablished && !connection.IsOver);

    private void SendToDialer(SimulatedConnection connection, LinkFrame frame)
    {
        Frames++;
        connection.SendToDialer(frame, clock.Now, DelayOf(connection), RateOf(connection));
    }

    /// <summary>A machine that was put back goes on with a connection of which nobody else knows any more.</summary>
    public SimulatedConnection GoOn(SimulatedDialer dialer)
    {
        var connection = Dial(dialer);
        connection.Establish(clock.Now);
        connection.IsHalfOpen = true;
        connection.Evidence.IsOfAnotherLife(clock.Now);
        return connection;
    }

    public void SendToAcceptor(SimulatedConnection connection, LinkFrame frame)
    {
        Frames++;
        connection.SendToAcceptor(frame, clock.Now, DelayOf(connection), RateOf(connection));
    }

    public void SetPath(string from, string to, PathState state) => _paths[(from, to)] = state;

    /// <summary>A gateway is cut off from all others, in both directions.</summary>
    public void Isolate(string name, PathState state)
    {
        foreach (var other in _gateways.Keys.Where(other => other != name))
        {
            SetPath(name, other, state);
            SetPath(other, name, state);
        }
    }

    /// <summary>Every frame sent on that way from now on takes up to this time.</summary>
    public void Delay(string from, string to, TimeSpan max) => _delays[(from, to)] = max;

    /// <summary>Every frame sent on the connections of that way from now on, in both directions, leaves byte by byte.</summary>
    public void Slow(string from, string to, int bytesPerSecond) => _rates[(from, to)] = bytesPerSecond;

    /// <summary>As the loop does before each tick: tells the gateway on which of its connections a part of a frame has arrived.</summary>
    public void TellMoved(SimulatedGateway gateway, Action<SimulatedConnection> toAcceptor, Action<SimulatedConnection> toDialer)
    {
        foreach (var connection in _connections.Where(
            connection => !connection.IsHalfOpen && PathOf(connection) is PathState.Open or PathState.Refusing).ToList())
        {
            if (connection.To == gateway && connection.MovesToAcceptor(clock.Now))
            {
                connection.Evidence.AcceptorHears(clock.Now);
                toAcceptor(connection);
            }

            if (connection.Dialer.From == gateway && connection.Dialer.IsCurrent(connection) && connection.MovesToDialer(clock.Now))
            {
                connection.Evidence.DialerHearsBytes(clock.Now);
                toDialer(connection);
            }
        }
    }

    public void OpenAllPaths()
    {
        _paths.Clear();
        _delays.Clear();
        _rates.Clear();
    }

    /// <summary>The process is gone, and its host says so with a reset or an orderly end, when it comes to that.</summary>
    public void OnEnded(SimulatedGateway gateway)
    {
        var end = random.Next(2) == 0 ? LinkCause.ResetByPeer : LinkCause.ClosedByPeer;
        foreach (var connection in _connections)
        {
            if (connection.To == gateway && connection.IsEstablished) connection.AcceptorLeaves(LosesWhatIsInFlight(), end);
            if (connection.Dialer.From == gateway) connection.DialerLeaves(LosesWhatIsInFlight());
        }
    }

    /// <summary>The dialing side learns that its connection is gone.</summary>
    public void End(SimulatedConnection connection)
    {
        if (connection.IsHalfOpen) EndAtDialer(connection, LinkCause.ResetByPeer);
    }

    /// <summary>A reset somewhere on a connection: what is in flight is gone; each end learns it, or one of them alone.</summary>
    public void BreakOne()
    {
        if (Any() is not { IsEstablished: true } connection) return;
        var whoLearns = random.Next(3);
        if (whoLearns != 1) connection.AcceptorLeaves(dropsInFlight: true, LinkCause.ResetByPeer);
        if (whoLearns != 0) EndAtAcceptor(connection);
        occurrences.Count("fault: connection reset");
    }

    /// <summary>Nothing passes on a connection any more, and neither end is told, not even when the other closes it.</summary>
    public void HalfOpenOne()
    {
        if (Any() is not { IsEstablished: true } connection) return;
        connection.IsHalfOpen = true;
        occurrences.Count("fault: connection half-open");
    }

    /// <summary>One frame is lost where most are in flight, so that others follow it.</summary>
    public void LoseFrame()
    {
        _connections.MaxBy(connection => connection.InFlight)?.LoseFrame(random);
        occurrences.Count("fault: frame lost");
    }

    /// <summary>Something happens on one connection.</summary>
    public void Step()
    {
        if (Any() is { } connection) Step(connection);
        _connections.RemoveAll(connection => connection.IsOver);
    }

    /// <summary>Everything happens that can, one thing after the other, on every connection.</summary>
    public void StepAll(int times)
    {
        for (var i = 0; i < times; i++)
        {
            foreach (var connection in _connections.ToList()) Step(connection);
        }

        _connections.RemoveAll(connection => connection.IsOver);
    }

    private SimulatedConnection? Any() => _connections.Count == 0 ? null : _connections[random.Next(_connections.Count)];

    private TimeSpan DelayOf(SimulatedConnection connection)
    {
        var max = _delays.GetValueOrDefault((connection.Dialer.From.Name, connection.To.Name), profile.Delay);
        return max == TimeSpan.Zero ? max : random.NextDouble() * max;
    }

    private int RateOf(SimulatedConnection connection) => _rates.GetValueOrDefault((connection.Dialer.From.Name, connection.To.Name));

    private PathState PathOf(SimulatedConnection connection) => _paths.GetValueOrDefault((connection.Dialer.From.Name, connection.To.Name));

    private void Step(SimulatedConnection connection)
    {
        var path = PathOf(connection);
        if (!connection.IsEstablished) Establish(connection, path);
        else if (path is PathState.Silent or PathState.Unreachable || connection.IsHalfOpen) return;
        else if (random.Next(2) == 0) StepAtAcceptor(connection);
        else StepAtDialer(connection);
    }

    private void Establish(SimulatedConnection connection, PathState path)
    {
        if (connection.DialerIsGone) return;
        if (path == PathState.Silent)
        {
            if (clock.Now - connection.Dialled >= _connectTimeout) EndAtDialer(connection, LinkCause.ConnectTimeout);
        }
        else if (path == PathState.Unreachable)
        {
            EndAtDialer(connection, LinkCause.Unreachable);
        }
        else if (path == PathState.Refusing || !connection.To.IsListening || connection.To.HasOthersName)
        {
            EndAtDialer(connection, LinkCause.Refused);
        }
        else
        {
            connection.Establish(clock.Now);
            connection.Dialer.From.Event(() => connection.Dialer.Link!.OnConnected());
        }
    }

    private void StepAtAcceptor(SimulatedConnection connection)
    {
        if (connection.AcceptorIsGone || connection.To.IsFrozen || connection.Holds.HasFlag(Hold.Requests)) return;
        if (connection.NextToAcceptor(clock.Now) is { } frame)
        {
            NoteOrder(connection);
            if (LinkCodec.TryDecode(frame, out var read) && read is LinkFrame.Hello) NoteTakenOver(connection);
            connection.Evidence.AcceptorTakes(frame, clock.Now);
            connection.To.OnPeerFrame(connection.Id, frame, new Answers(this, connection));
        }
        else if (connection.DialerIsGone && !connection.HasForAcceptor)
        {
            EndAtAcceptor(connection);
        }
    }

    private void StepAtDialer(SimulatedConnection connection)
    {
        if (connection.DialerIsGone || connection.Dialer.From.IsFrozen || connection.Holds.HasFlag(Hold.Answers)) return;
        if (connection.NextToDialer(clock.Now) is { } frame)
        {
            if (!LinkCodec.TryDecode(frame, out var read)) throw new SimulationException("a gateway sent a frame that cannot be read");
            connection.Evidence.DialerHears(read, clock.Now);
            connection.Dialer.From.Event(() => connection.Dialer.Link!.OnFrame(read));
        }
        else if (connection.AcceptorIsGone && !connection.HasForDialer)
        {
            EndAtDialer(connection, connection.AcceptorsEnd);
        }
    }

    /// <summary>A hello has arrived: who has the name of its sender, and is another gateway, is displaced by it.</summary>
    private void NoteTakenOver(SimulatedConnection by)
    {
        foreach (var other in _connections.Where(other => other.To == by.To && other.DialersName == by.DialersName))
        {
            other.Evidence.IsTakenOver |= other.Dialer.From != by.Dialer.From;
            // Before the accepting side knows that a machine was put back, its clock may show an earlier time than it has told there.
            by.Evidence.IsTakenOver |= other.Dialer.From == by.Dialer.From && other.DialersLife != by.DialersLife;
        }
    }

    private void NoteOrder(SimulatedConnection connection)
    {
        var way = (connection.Dialer.From.Name, connection.To.Name);
        if (_newestHeard.TryGetValue(way, out var newest) && connection.Number < newest.Number)
        {
            occurrences.Count("frames that a later connection overtook");
            if (connection.Dialer.Run < newest.Dialer.Run) occurrences.Count("frames of a former run that came after one of a later");
        }
        else
        {
            _newestHeard[way] = connection;
        }
    }

    private static void EndAtDialer(SimulatedConnection connection, LinkCause cause)
    {
        var isCurrent = connection.Dialer.IsCurrent(connection);
        connection.DialerLeaves(dropsInFlight: false);
        connection.Evidence.End = cause;
        if (isCurrent) connection.Dialer.From.Event(() => connection.Dialer.Link!.OnLost(cause, "so says the network"));
    }

    private static void EndAtAcceptor(SimulatedConnection connection)
    {
        connection.AcceptorLeaves(dropsInFlight: false, LinkCause.ResetByPeer);
        connection.To.OnPeerLost(connection.Id, LinkCause.ResetByPeer, "reset");
    }

    private sealed class Answers(SimulatedNetwork network, SimulatedConnection connection) : IProbeOutput
    {
        /// <summary>The network takes everything at once.</summary>
        public long WaitingBytes => 0;

        public void Send(LinkFrame frame) => network.SendToDialer(connection, frame);

        public void Send(ProbeFrame frame) => throw Unprobed;

        public void KeepQuiet(TimeSpan time) => throw Unprobed;

        public void HangUp() => throw Unprobed;

        private static InvariantException Unprobed => new("no simulated gateway opens a probe");
    }
}
