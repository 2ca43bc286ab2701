using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Gateway.Tests.Intake;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Client.Testing;

/// <summary>The state machines with which the real gateway serves its clients, over a store in memory.</summary>
internal sealed class LikeReal : LikeSide, IInspection, IFullTargets, INextStep
{
    private readonly LoopClock _clock = new();
    private readonly StoreBench _store = new();
    private readonly Inboxes _inboxes;
    private readonly ClientSessions _sessions;
    private readonly string[] _connections = ["0 1", "1 1"];
    private int _lastConnection = 1;

    public LikeReal(DateTimeOffset start, int deliveriesMax)
    {
        var settings = new IntakeSettings { Limits = new WireLimits(), Applications = ApplicationBook.Open };
        _clock.Advance(start);
        _inboxes = new Inboxes(
            new InboxSettings { DeliveriesMax = deliveriesMax }, settings.Limits, _clock, _store, NoTelemetry.Instance);
        var routes = new Dictionary<string, Route> { ["copies"] = new(["orders@there", "a@here"]) };
        var destinations = new Destinations("here", new HashSet<string> { "there", "far" }, routes, new ChangingStanding());
        var intake = new EnqueueIntake("here", destinations, settings, _clock, _store, this, this, NoTelemetry.Instance);
        var self = new GatewayIdentity("here", _store.StoreId, new Guid("00000000-0000-0000-0000-000000000003"), 0, Run: 1);
        _sessions = new ClientSessions(settings, self, intake, _inboxes, this, _clock, NullLogger<ClientSessions>.Instance);
    }

    public void OnFull(IReadOnlyList<QueueId> targets, StoreRefusal why)
    {
    }

    public void OnStored(IReadOnlyList<Placed> placed)
    {
        foreach (var (queue, message) in placed.Where(one => one.Queue.Kind == QueueKind.Inbound))
            _inboxes.OnStored(queue, message);
    }

    public void FindObstacle(Action<string> answer) => answer("");

    public void Count(QueueId queue, Action<QueueDepth> answer) => _store.Submit(new FindQueueCommand(queue, found =>
        answer(new QueueDepth(found.Queue?.Messages ?? 0, found.Queue?.Bytes ?? 0, 0))));

    public PeerState? StateOf(string peer) => new(peer, "down", "Refused", "nothing listens");

    protected override void Send(int connection, Request request)
    {
        byte[][] frames = [.. RequestCodec.Encode(request).Select(frame => frame.ToArray())];
        _sessions.OnFrames(_connections[connection], frames, new Ear(this, connection));
        _store.Run();
    }

    protected override void Lose(int connection)
    {
        _sessions.OnLost(_connections[connection]);
        _store.Run();
        _connections[connection] = $"{connection} {++_lastConnection}";
    }

    protected override void Pass(TimeSpan time)
    {
        _clock.Advance(_clock.Now + time);
        _sessions.Tick();
        _inboxes.Tick();
        _store.Run();
    }

    private sealed class Ear(LikeReal side, int connection) : IReplies
    {
        public void Send(Reply reply) => side.Hear(connection, reply);
    }
}
