using System.ComponentModel.DataAnnotations;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Intake;
using Gateway.Links.Protocol;
using Gateway.Store.Messages;
using Gateway.Store.Postgres;

namespace Gateway.Configuration;

/// <summary>
/// The section <c>Gateway</c> of the configuration. Each default is defined once: in the part of the gateway that uses it, or here if only
/// the configuration knows it. appsettings.json and the configuration page repeat them, held by tests.
/// </summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>This gateway's name, unique among all linked gateways.</summary>
    [Required]
    [AtStart]
    public string Name { get; set; } = "local";

    /// <summary>The time that an orderly stop allows for the remaining deliveries.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    [AtStart]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public IntakeOptions Intake { get; set; } = new();

    public ConnectionsOptions Connections { get; set; } = new();

    public StoreOptions Store { get; set; } = new();

    public LinksOptions Links { get; set; } = new();

    public InboxOptions Inbox { get; set; } = new();

    public FleetOptions Fleet { get; set; } = new();

    public TcpOptions Tcp { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>The other gateways, by name.</summary>
    [Live]
    public Dictionary<string, PeerOptions> Peers { get; set; } = [];

    /// <summary>Destinations by bare queue name; each gets a copy of the message, unless <see cref="Spread"/> says otherwise.</summary>
    [Live]
    public Dictionary<string, List<string>> Routes { get; set; } = [];

    /// <summary>How messages are spread over the destinations of a route, by its queue name.</summary>
    [Live]
    public Dictionary<string, SpreadOptions> Spread { get; set; } = [];
}

/// <summary>Connections and limits of applications.</summary>
internal sealed class IntakeOptions
{
    private static readonly WireLimits _limits = new();

    /// <summary>The address on which the gateway listens for applications of its own host.</summary>
    [Required]
    [AtStart]
    public string Address { get; set; } = GatewayClientOptions.DefaultAddress;

    /// <summary>
    /// Allows an address other than loopback, although the traffic is not encrypted and everyone who can connect is served.
    /// </summary>
    [Live]
    public bool AllowPlainText { get; set; }

    /// <summary>
    /// Lets every process of this host use the gateway without a token, although callers of HTTP need one (<c>Http:Tokens</c>).
    /// </summary>
    [Live]
    public bool AllowWithoutTokens { get; set; }

    /// <summary>
    /// The applications that may use the gateway, by name, each with a token and rights. None: everyone who can connect may do everything.
    /// </summary>
    [Live]
    public Dictionary<string, ApplicationOptions> Applications { get; set; } = [];

    /// <summary>
    /// Concurrent connections of applications. Over it one that has not said hello makes room; a further one is closed on arrival. Each
    /// takes four handles of the operating system.
    /// </summary>
    [Range(1, 100_000)]
    [AtStart]
    public int ConnectionsMax { get; set; } = 1000;

    /// <summary>Concurrent connections from one address, or one network (/64) of IPv6.</summary>
    [Range(1, 100_000)]
    [AtStart]
    public int ConnectionsPerAddressMax { get; set; } = 1000;

    /// <summary>The largest body, in bytes.</summary>
    [Range(1, ProtocolLimits.BodyBytesHighest)]
    [AtStart]
    public int BodyBytesMax { get; set; } = _limits.BodyBytesMax;

    /// <summary>The largest headers, as JSON, in bytes.</summary>
    [Range(2, ProtocolLimits.HeadersBytesHighest)]
    [AtStart]
    public int HeadersBytesMax { get; set; } = _limits.HeadersBytesMax;

    /// <summary>Messages in one request.</summary>
    [Range(1, ProtocolLimits.BatchMessagesHighest)]
    [AtStart]
    public int BatchMessagesMax { get; set; } = _limits.BatchMessagesMax;

    /// <summary>Bytes in one request.</summary>
    [Range(1024, ProtocolLimits.BatchBytesHighest)]
    [AtStart]
    public int BatchBytesMax { get; set; } = _limits.BatchBytesMax;

    /// <summary>The credit of a subscription: messages the gateway may send ahead of settlement.</summary>
    [Range(1, ProtocolLimits.CreditHighest)]
    [AtStart]
    public int CreditMax { get; set; } = _limits.CreditMax;

    /// <summary>Subscriptions of one connection.</summary>
    [Range(1, 10_000)]
    [AtStart]
    public int SubscriptionsMax { get; set; } = _limits.SubscriptionsMax;

    /// <summary>Unanswered requests of one connection.</summary>
    [Range(1, 1_000_000)]
    [AtStart]
    public int PendingRequestsMax { get; set; } = _limits.PendingRequestsMax;

    /// <summary>Bytes of messages being written to disk at once.</summary>
    [Range(1024 * 1024, 1024.0 * 1024 * 1024)]
    [Live]
    public long PendingBytesMax { get; set; } = new IntakeSettings { Limits = _limits }.PendingBytesMax;
}

/// <summary>The message store.</summary>
internal sealed class StoreOptions
{
    public const string LiteDb = "LiteDB";
    public const string PostgreSql = "PostgreSQL";

    private static readonly StoreSettings _standard = new();

    /// <summary>
    /// The store's folder, relative to the working directory; empty for the <see cref="StateFolder"/> of this platform and user.
    /// </summary>
    [AtStart]
    public string Path { get; set; } = "";

    /// <summary>The engine that keeps the messages: <c>LiteDB</c>, in files of this host, or <c>PostgreSQL</c>, on servers.</summary>
    [AtStart]
    public string Engine { get; set; } = LiteDb;

    /// <summary>
    /// How to reach PostgreSQL, in the form of Npgsql; several hosts are tried in turn for the primary. Only with that engine.
    /// </summary>
    [Secret]
    [AtStart]
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema of the gateways' tables in the database; the gateway's name names its store there.</summary>
    [AtStart]
    public string Schema { get; set; } = "gateway";

    /// <summary>
    /// How long the database may be away before the gateway stops, as after a failed flush. Meanwhile new messages are rejected (Busy).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    [AtStart]
    public TimeSpan OutageMax { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Accepts new messages only while PostgreSQL has a synchronous standby.</summary>
    [AtStart]
    public bool RequireSynchronousReplica { get; set; }

    /// <summary>The absolute path of the store's folder.</summary>
    public string ResolvePath() => System.IO.Path.GetFullPath(Path.Length > 0 ? Path : StateFolder.Default);

    /// <summary>The number of accepted message ids remembered to recognise a repeated Enqueue.</summary>
    [Range(1000, 10_000_000)]
    [AtStart]
    public int AcceptedIdsMax { get; set; } = _standard.AcceptedIdsMax;

    /// <summary>
    /// How long accepted message ids are remembered. Only the gateway's running time counts, across restarts; changes of the wall clock
    /// have no effect.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    [AtStart]
    public TimeSpan AcceptedIdsAge { get; set; } = _standard.AcceptedIdsAge;

    /// <summary>Queues that may hold messages; a message for a further queue is refused. Empty queues do not count.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int QueuesMax { get; set; } = _standard.QueuesMax;

    /// <summary>Of these, inbound queues created by the messages of one peer.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int PeerQueuesMax { get; set; } = _standard.PeerQueuesMax;

    /// <summary>Messages that one queue may hold; more are refused.</summary>
    [Range(1, 1_000_000_000)]
    [Live]
    public long QueueMessagesMax { get; set; } = _standard.QueueMessagesMax;

    /// <summary>
    /// Non-empty queues created by the messages of one application since the start; without tokens all applications count as one.
    /// </summary>
    [Range(1, 1_000_000)]
    [Live]
    public int ApplicationQueuesMax { get; set; } = _standard.ApplicationQueuesMax;

    /// <summary>Bytes of messages that one queue may hold.</summary>
    [Range(1024 * 1024, 1L << 50)]
    [Live]
    public long QueueBytesMax { get; set; } = _standard.QueueBytesMax;

    /// <summary>Bytes of messages that all queues and dead letters may hold.</summary>
    [Range(1024 * 1024, 1L << 50)]
    [Live]
    public long BytesMax { get; set; } = _standard.StoreBytesMax;

    /// <summary>
    /// The free disk space required to accept new messages. At least <see cref="VolumeBytes"/> plus 16 MiB: the rest of a volume is
    /// rewritten into this space, and 16 MiB of it are really reserved.
    /// </summary>
    [Range(16 * 1024 * 1024, 1L << 50)]
    [Live]
    public long DiskReserveBytes { get; set; } = _standard.DiskReserveBytes;

    /// <summary>The size of the volumes in which messages are written and deleted.</summary>
    [Range(8 * 1024 * 1024, 1L << 30)]
    [AtStart]
    public long VolumeBytes { get; set; } = _standard.VolumeBytes;

    public bool IsPostgres() => Engine == PostgreSql;

    /// <param name="name">The gateway's name.</param>
    public PostgresSettings ToPostgres(string name) => new(ConnectionString, Schema, name)
    { OutageMax = OutageMax, RequireSynchronousReplica = RequireSynchronousReplica };

    public StoreSettings ToSettings() => new()
    {
        AcceptedIdsMax = AcceptedIdsMax,
        AcceptedIdsAge = AcceptedIdsAge,
        QueuesMax = QueuesMax,
        PeerQueuesMax = PeerQueuesMax,
        QueueMessagesMax = QueueMessagesMax,
        QueueBytesMax = QueueBytesMax,
        ApplicationQueuesMax = ApplicationQueuesMax,
        StoreBytesMax = BytesMax,
        DiskReserveBytes = DiskReserveBytes,
        VolumeBytes = VolumeBytes,
    };
}

/// <summary>The links to peers.</summary>
internal sealed class LinksOptions
{
    /// <summary>Read for its defaults alone; the limits have theirs here and at the intake.</summary>
    private static readonly LinkSettings _standard = new() { Limits = new LinkLimits(0, 0, 0) };

    /// <summary>The address on which the gateway listens for peers; empty not to listen.</summary>
    [AtStart]
    public string Address { get; set; } = "";

    /// <summary>Allows an address other than loopback without TLS, although everyone who can connect can then impersonate a peer.</summary>
    [Live]
    public bool AllowPlainText { get; set; }

    public TlsOptions Tls { get; set; } = new();

    /// <summary>
    /// Concurrent connections of peers. Over it one that has not said hello makes room; a further one is closed on arrival.
    /// </summary>
    [Range(1, 100_000)]
    [AtStart]
    public int ConnectionsMax { get; set; } = 1000;

    /// <summary>Concurrent connections from one address, or one network (/64) of IPv6.</summary>
    [Range(1, 100_000)]
    [AtStart]
    public int ConnectionsPerAddressMax { get; set; } = 256;

    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    [AtStart]
    public TimeSpan HeartbeatInterval { get; set; } = _standard.HeartbeatInterval;

    /// <summary>The time of silence after which a connection is dead.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    [AtStart]
    public TimeSpan DeadAfter { get; set; } = _standard.DeadAfter;

    /// <summary>The time without an acknowledgement, while messages are outstanding, after which the connection is closed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    [AtStart]
    public TimeSpan AckTimeout { get; set; } = _standard.AckTimeout;

    /// <summary>The time limit for an answer to the hello.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    [AtStart]
    public TimeSpan HandshakeTimeout { get; set; } = _standard.HandshakeTimeout;

    /// <summary>
    /// The time limit for a TCP connection to each address of a name. At least three seconds on Windows, which takes two seconds to report
    /// a refusal.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    [AtStart]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The shortest delay between connection attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    [AtStart]
    public TimeSpan BackoffMin { get; set; } = _standard.BackoffMin;

    /// <summary>
    /// The longest time between attempts to reach a peer, and so the longest time until a returning peer is found. A peer that has dialed
    /// this gateway before is dialed back at once when it does so again. The longer it has been gone, the more rarely it is tried: after a
    /// twentieth of that time, at the most after ten seconds or this value, whichever is longer. A peer that was never seen is tried after
    /// a fifth of the time that this gateway has run, with the same limit.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    [AtStart]
    public TimeSpan BackoffMax { get; set; } = _standard.BackoffMax;

    /// <summary>The time for which a connection must be up to reset the backoff.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    [AtStart]
    public TimeSpan StableAfter { get; set; } = _standard.StableAfter;

    /// <summary>The size at which a batch is sent.</summary>
    [Range(1024, LinkSettings.BatchBytesMax)]
    [AtStart]
    public int BatchBytes { get; set; } = _standard.BatchBytes;

    /// <summary>Bytes that a peer may send before it must wait for an acknowledgement.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    [AtStart]
    public int WindowBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>Messages that a peer may send before it must wait for an acknowledgement.</summary>
    [Range(1, 1_000_000)]
    [AtStart]
    public int WindowMessages { get; set; } = 20_000;

    /// <summary>Lets operators inject faults into running connections with the verb drill, to verify that no message is lost.</summary>
    [AtStart]
    public bool DrillEnabled { get; set; }
}

/// <summary>Delivery to consumers.</summary>
internal sealed class InboxOptions
{
    private static readonly InboxSettings _standard = new();

    /// <summary>The time within which a delivered message must be settled or renewed, unless the consumer specifies one.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "12:00:00")]
    [AtStart]
    public TimeSpan Lease { get; set; } = _standard.Lease;

    /// <summary>The number of deliveries after which an uncompleted message becomes a dead letter.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int DeliveriesMax { get; set; } = _standard.DeliveriesMax;

    /// <summary>Messages of one queue that consumers hold or that wait for redelivery.</summary>
    [Range(1, 1_000_000)]
    [Live]
    public int HeldMessagesMax { get; set; } = _standard.HeldMessagesMax;

    /// <summary>Bytes of these messages.</summary>
    [Range(1024 * 1024, 4.0 * 1024 * 1024 * 1024)]
    [Live]
    public long HeldBytesMax { get; set; } = _standard.HeldBytesMax;
}
