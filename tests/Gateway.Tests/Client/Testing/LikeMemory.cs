using Gateway.Client;
using Gateway.Client.Testing;
using Gateway.Client.Testing.Memory;
using Gateway.Client.Wire;

namespace Gateway.Tests.Client.Testing;

/// <summary>The gateway in memory, without clients and clock.</summary>
internal sealed class LikeMemory : LikeSide, IMemoryClient
{
    private readonly MemoryRun _run;
    private readonly MemoryConnection[] _connections;
    private TimeSpan _now;

    public LikeMemory(DateTimeOffset start, int deliveriesMax)
    {
        Start = start;
        var options = new InMemoryGatewayOptions
        {
            Name = "here",
            Peers = { "there", "far" },
            Routes = { ["copies"] = ["orders@there", "a@here"] },
            DeliveriesMax = deliveriesMax,
        };
        var links = options.Peers.ToDictionary(name => name, name => new PeerInfo(name, false, "Refused", "nothing listens"));
        _run = new MemoryRun(options, new MemoryStore(options), links, new Queue<EnqueueFault>());
        _connections = [.. Enumerable.Range(0, Connections).Select(_ => new MemoryConnection(this))];
        foreach (var connection in _connections)
            _run.Open(connection);
        SetTime();
    }

    private DateTimeOffset Start { get; }

    public void OnReply(MemoryConnection connection, Reply reply) => Hear(Array.IndexOf(_connections, connection), reply);

    public void OnBroken(MemoryConnection connection)
    {
    }

    protected override void Send(int connection, Request request) => _run.Receive(_connections[connection], request);

    protected override void Lose(int connection)
    {
        _run.Lose(_connections[connection]);
        _connections[connection] = new MemoryConnection(this);
        _run.Open(_connections[connection]);
    }

    protected override void Pass(TimeSpan time)
    {
        _now += time;
        SetTime();
        _run.Tick();
    }

    private void SetTime() => _run.SetTime(_now, (Start + _now).ToUnixTimeMilliseconds());
}
