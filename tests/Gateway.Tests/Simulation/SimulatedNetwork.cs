using Gateway.Links;

namespace Gateway.Tests.Simulation;

/// <summary>How the way from one gateway to another is.</summary>
internal enum PathState
{
    Open,

    /// <summary>Nothing arrives, and nobody is told.</summary>
    Silent,

    /// <summary>Connects are answered with a reset; what stands goes on.</summary>
    Refusing,
}

/// <summary>All connections between gateways, and the faults that befall them.</summary>
internal sealed class SimulatedNetwork(SimulatedClock clock, Random random)
{
    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(1);

    private readonly Dictionary<string, SimulatedGateway> _gateways = [];
    private readonly Dictionary<(string From, string To), PathState> _paths = [];
    private readonly List<SimulatedConnection> _connections = [];
    private int _lastId;

    public void Add(SimulatedGateway gateway) => _gateways.Add(gateway.Name, gateway);

    public bool LosesWhatIsInFlight() => random.Next(2) == 0;

    public SimulatedConnection Dial(SimulatedDialer dialer)
    {
        var connection = new SimulatedConnection($"{dialer.From.Name}#{++_lastId}", dialer, _gateways[dialer.Peer], clock.Now);
        _connections.Add(connection);
        return connection;
    }

    public void SetPath(string from, string to, PathState state) => _paths[(from, to)] = state;

    public void OpenAllPaths() => _paths.Clear();

    public void OnCrashed(SimulatedGateway gateway)
    {
        foreach (var connection in _connections)
        {
            if (connection.To == gateway) connection.AcceptorLeaves(LosesWhatIsInFlight());
            if (connection.Dialer.From == gateway) connection.DialerLeaves(LosesWhatIsInFlight());
        }
    }

    /// <summary>A reset somewhere on a connection: what is in flight is gone; each end learns it, or one of them alone.</summary>
    public void BreakOne()
    {
        if (_connections.Count == 0) return;
        var connection = _connections[random.Next(_connections.Count)];
        var whoLearns = random.Next(3);
        if (whoLearns != 1) connection.AcceptorLeaves(dropsInFlight: true);
        if (whoLearns != 0 && connection.IsEstablished) EndAtAcceptor(connection);
    }

    /// <summary>One frame is lost where most are in flight, so that others follow it.</summary>
    public void LoseFrame() => _connections.MaxBy(connection => connection.InFlight)?.LoseFrame(random);

    /// <summary>Something happens on one connection.</summary>
    public void Step()
    {
        if (_connections.Count > 0) Step(_connections[random.Next(_connections.Count)]);
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

    private void Step(SimulatedConnection connection)
    {
        var path = _paths.GetValueOrDefault((connection.Dialer.From.Name, connection.To.Name));
        if (!connection.IsEstablished) Establish(connection, path);
        else if (path == PathState.Silent) return;
        else if (random.Next(2) == 0) StepAtAcceptor(connection);
        else StepAtDialer(connection);
    }

    private void Establish(SimulatedConnection connection, PathState path)
    {
        if (connection.DialerIsGone) return;
        if (path == PathState.Silent)
        {
            if (clock.Now - connection.Dialled >= _connectTimeout) EndAtDialer(connection, LinkCause.ConnectTimeout, "no answer");
        }
        else if (path == PathState.Refusing || !connection.To.IsListening || connection.AcceptorIsGone)
        {
            EndAtDialer(connection, LinkCause.Refused, "refused");
        }
        else
        {
            connection.IsEstablished = true;
            connection.Dialer.From.Event(() => connection.Dialer.Link!.OnConnected());
        }
    }

    private void StepAtAcceptor(SimulatedConnection connection)
    {
        if (connection.AcceptorIsGone) return;
        if (connection.NextToAcceptor() is { } frame)
        {
            connection.To.OnPeerFrame(connection.Id, frame, answer => connection.SendToDialer(LinkCodec.Encode(answer)));
        }
        else if (connection.DialerIsGone)
        {
            EndAtAcceptor(connection);
        }
    }

    private void StepAtDialer(SimulatedConnection connection)
    {
        if (connection.DialerIsGone) return;
        if (connection.NextToDialer() is { } frame)
        {
            connection.Dialer.From.Event(() =>
            {
                if (!LinkCodec.TryDecode(frame, out var read)) throw new SimulationException("a gateway sent a frame that cannot be read");
                connection.Dialer.Link!.OnFrame(read);
            });
        }
        else if (connection.AcceptorIsGone)
        {
            EndAtDialer(connection, LinkCause.ResetByPeer, "reset");
        }
    }

    private static void EndAtDialer(SimulatedConnection connection, LinkCause cause, string evidence)
    {
        var isCurrent = connection.Dialer.IsCurrent(connection);
        connection.DialerLeaves(dropsInFlight: false);
        if (isCurrent) connection.Dialer.From.Event(() => connection.Dialer.Link!.OnLost(cause, evidence));
    }

    private static void EndAtAcceptor(SimulatedConnection connection)
    {
        connection.AcceptorLeaves(dropsInFlight: false);
        connection.To.OnPeerLost(connection.Id, LinkCause.ResetByPeer, "reset");
    }
}
