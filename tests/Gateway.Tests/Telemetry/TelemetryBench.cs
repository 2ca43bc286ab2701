using System.Text;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Links;
using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Telemetry;
using Gateway.Tests.Management;
using Microsoft.Extensions.Time.Testing;

namespace Gateway.Tests.Telemetry;

/// <summary>The telemetry of a gateway with a peer "far", told by hand what happens, and listened to.</summary>
internal sealed class TelemetryBench : IDisposable
{
    public const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    public const string Sender = "00f067aa0ba902b7";

    public static readonly QueueId Outgoing = QueueId.Outgoing("orders", "far");
    public static readonly QueueId Inbound = QueueId.Inbound("orders");

    private readonly GatewayTelemetry? _own;
    private long _lastId;

    /// <param name="telemetry">Stays the caller's; the bench makes its own if it gets none.</param>
    public TelemetryBench(GatewayTelemetry? telemetry = null)
    {
        _own = telemetry is null ? new GatewayTelemetry(Time) : null;
        Telemetry = telemetry ?? _own!;
        Recorder = new Recorder(Telemetry.Source, Telemetry.Meter);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public GatewayTelemetry Telemetry { get; }

    public Recorder Recorder { get; }

    public static string Traced => $$"""{"kind":"x","traceparent":"00-{{Trace}}-{{Sender}}-01","tracestate":"vendor=1"}""";

    public static string NotRecorded => Traced.Replace("-01\"", "-00\"", StringComparison.Ordinal);

    public Message NewMessage(string headers) => new()
    {
        Id = new MessageId(new Guid((int)++_lastId, 0, 0, new byte[8])),
        EnqueuedUnixMs = Time.GetUtcNow().ToUnixTimeMilliseconds(),
        Source = "near",
        Headers = Encoding.UTF8.GetBytes(headers),
        Body = "hello"u8.ToArray(),
    };

    public Placed Place(QueueId queue, long number, string headers) => new(queue, new StoredMessage(number, NewMessage(headers)));

    public void Forward(long first, int count, string headers, long sentBefore = 0) =>
        Telemetry.Sent(Outgoing, [.. Enumerable.Range(0, count).Select(i => new NumberedMessage(first + i, NewMessage(headers)))],
            sentBefore);

    /// <summary>Everything that can happen, once; each metric and each span comes of it, with all its attributes.</summary>
    public void HappenAll()
    {
        Telemetry.Accepted([Place(Outgoing, 1, Traced), Place(Inbound, 1, Traced)]);
        Telemetry.Refused(WireCode.StoreFull);
        Forward(1, 2, Traced, sentBefore: 1);
        Telemetry.Acknowledged(Outgoing, 1, 1, TimeSpan.FromMilliseconds(3));
        Telemetry.StartsAfter(Outgoing, 1, isOnDisk: true);
        Telemetry.Arrived("far", [Place(Inbound, 2, Traced)], Time.GetUtcNow());
        foreach (var (deliveries, how) in new[] { (1, Settlement.Abandoned), (2, Settlement.Completed) })
        {
            var message = new StoredMessage(2, NewMessage(Traced));
            Telemetry.Delivered(Inbound, message, deliveries);
            Telemetry.Settled(Inbound, 2, how);
        }

        foreach (var state in new[] { LinkState.Up, LinkState.Down, LinkState.Up }) Telemetry.LinkChanged("far", Change(state));
        Telemetry.Committed(3, 4096, TimeSpan.FromMilliseconds(2));
        Telemetry.DeadLettered(Inbound, DeadLetterReason.Expired);
        Telemetry.DeadLettered(Outgoing, DeadLetterReason.Expired);
        Telemetry.State.Show(State());
        Recorder.Ask();
    }

    public LinkChange Change(LinkState state, LinkCause cause = LinkCause.None) =>
        new(Time.GetUtcNow(), state, cause, "") { Incarnation = state == LinkState.Up ? new Guid(1, 0, 0, new byte[8]) : null };

    public GatewayState State(params QueueSummary[] queues) => new()
    {
        Name = "near",
        Incarnation = Guid.Empty,
        StartedAt = Time.GetUtcNow(),
        Now = Time.GetUtcNow(),
        Links = [new LinkSummary { Status = new LinkStatus(
            "far", LinkState.Down, LinkCause.Refused, Time.GetUtcNow() - TimeSpan.FromSeconds(90), "", ""), Messages = 4, Bytes = 400 }],
        Queues = queues.Length > 0 ? queues : [Summary(Outgoing, 4, 10), Summary(Inbound, 0, 3)],
        Outgoing = QueueSums.Of(queues, QueueKind.Outgoing),
        Inbound = QueueSums.Of(queues, QueueKind.Inbound),
        Inlets = [TcpGlances.Inlet()],
        Outlets = [TcpGlances.Outlet()],
        DeadLetters = 2,
        Damaged = 1,
        StoredBytes = 1000,
        StoredBytesMax = 10_000_000_000,
        FreeBytes = 5000,
        FreeBytesMin = 256 << 20,
        Connections = new Dictionary<string, long> { ["accepted"] = 7, ["NotZmtp"] = 2 },
        Certificate = new OwnCertificate("CN=near", "00", Time.GetUtcNow() + TimeSpan.FromDays(1), ""),
    };

    public QueueSummary Summary(QueueId id, long messages, long tail) => new()
    {
        Id = id,
        Messages = messages,
        Bytes = 100 * messages,
        Head = tail - messages + 1,
        Tail = tail,
        OldestAt = messages > 0 ? Time.GetUtcNow() - TimeSpan.FromMinutes(5) : null,
    };

    public void Dispose()
    {
        Recorder.Dispose();
        _own?.Dispose();
    }
}
