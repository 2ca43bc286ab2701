using Gateway.Client.Wire;
using Gateway.Links.Protocol;
using Gateway.Logging;
using Gateway.Transport;
using Gateway.Transport.Accepting;
using Gateway.Transport.Tls;
using Gateway.Transport.Zmtp;
using Microsoft.Extensions.Logging;

namespace Gateway.Composition;

/// <summary>
/// The doors of a process that stands by: they listen where the gateway will, and refuse everyone with the reason, so that peers and
/// applications turn to the process that holds the store. One thread owns the conversations.
/// </summary>
internal sealed class StandbyDoors : IDisposable
{
    /// <summary>Enough for a hello of either protocol; whoever sends more before an answer is cut.</summary>
    private const int MessageBytesMax = 64 * 1024;

    private const int PartsMax = 1000;

    private static readonly string[] _socketTypes = ["DEALER"];
    private static readonly TimeSpan _heartbeat = TimeSpan.FromSeconds(5);

    private readonly LoopQueue _queue = new();
    private readonly LoopTurns _turns;
    private readonly Thread _thread;
    private readonly List<FrontDoor> _doors = [];
    private readonly List<AcceptedConnections> _accepted = [];
    private volatile bool _isOver;

    private StandbyDoors(string name, Endpoints endpoints, TimeProvider time, ILoggerFactory loggers)
    {
        _turns = new LoopTurns(time);
        // A background thread, as that of the loop; its end is awaited in EndAsync.
        _thread = new Thread(Run) { Name = "standby", IsBackground = true };
        loggers = new LimitedLoggers(loggers, time);
        var text = $"this process of {name} stands by; another one is active";
        if (endpoints.LinksAddress.Length > 0)
            Add(endpoints.LinksAddress, endpoints.Links, endpoints.Tls, partsMax: 1, new ToPeers(text), endpoints, time, loggers);
        Add(endpoints.IntakeAddress, endpoints.Intake, tls: null, PartsMax, new ToApplications(text), endpoints, time, loggers);
    }

    /// <summary>Opens the doors.</summary>
    /// <param name="name">That of the gateway.</param>
    /// <exception cref="ListenFailedException">An address cannot be listened on.</exception>
    public static async Task<StandbyDoors> OpenAsync(string name, Endpoints endpoints, TimeProvider time, ILoggerFactory loggers)
    {
        var doors = new StandbyDoors(name, endpoints, time, loggers);
        doors._thread.Start();
        try
        {
            foreach (var door in doors._doors) await door.StartAsync();
            return doors;
        }
        catch (ListenFailedException)
        {
            await doors.EndAsync();
            doors.Dispose();
            throw;
        }
    }

    /// <summary>Closes the doors and ends the connections; then the addresses are free for the gateway.</summary>
    public async Task EndAsync()
    {
        foreach (var door in _doors) door.BeginStop();
        await Task.WhenAll(_doors.Select(door => door.StopAsync()));
        _isOver = true;
        _queue.Post(() => { });
        _thread.Join();
    }

    /// <summary>Called after the end.</summary>
    public void Dispose() => _doors.ForEach(door => door.Dispose());

    private void Add(string address, EndpointLimits limits, LinkTls? tls, int partsMax, IConversation conversation, Endpoints endpoints,
        TimeProvider time, ILoggerFactory loggers)
    {
        var zmtp = new ZmtpLimits(_socketTypes, MessageBytesMax, MessageBytesMax, partsMax);
        var patience = endpoints.Patience with { Heartbeat = _heartbeat };
        var settings = new FrontDoorSettings(limits.ConnectionsMax, limits.ConnectionsPerAddressMax, endpoints.HandshakeTimeout, patience,
            zmtp)
        { Tls = tls };
        var memory = ConnectionMemory.OfProcess(MessageBytesMax);
        var accepted = new AcceptedConnections(conversation, memory, _turns, _queue);
        _accepted.Add(accepted);
        _doors.Add(new FrontDoor(address, settings, accepted, _queue, memory, new FrontDoorCounters(), time, loggers));
    }

    private void Run()
    {
        Action<Action> run = action =>
        {
            action();
            foreach (var accepted in _accepted) accepted.Flush();
        };
        while (!_isOver)
        {
            _queue.Wait(_heartbeat);
            _queue.Drain(run, _turns);
        }
    }

    /// <summary>Refuses peers, those that probe the way among them.</summary>
    private sealed class ToPeers(string text) : IConversation
    {
        public bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames)
        {
            connection.Send([ProbeCodec.IsProbe(frames[^1])
                ? ProbeCodec.Encode(new ProbeFrame.Refused(RefusalCode.Standby, text))
                : LinkCodec.Encode(new LinkFrame.Refused(RefusalCode.Standby, text))]);
            return false;
        }

        public void OnLost(AcceptedConnection connection, AcceptedEnd end)
        {
            // Nothing is kept of it.
        }
    }

    /// <summary>Refuses applications.</summary>
    private sealed class ToApplications(string text) : IConversation
    {
        public bool OnMessage(AcceptedConnection connection, IReadOnlyList<byte[]> frames)
        {
            connection.Send(ReplyCodec.Encode(new Reply.Error(WireCode.Standby, text)));
            return false;
        }

        public void OnLost(AcceptedConnection connection, AcceptedEnd end)
        {
            // Nothing is kept of it.
        }
    }
}
