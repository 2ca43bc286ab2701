using System.ComponentModel.DataAnnotations;
using Gateway.Links;
using Gateway.Store;

namespace Gateway.Configuration;

/// <summary>The section <c>Gateway</c> of the configuration. appsettings.json holds the same defaults, with comments.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>This gateway's name, unique among all that are linked.</summary>
    [Required]
    public string Name { get; set; } = "local";

    /// <summary>How long an orderly stop waits for what can still be delivered.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan StopTimeout { get; set; } = TimeSpan.FromSeconds(5);

    public IntakeOptions Intake { get; set; } = new();

    public ConnectionsOptions Connections { get; set; } = new();

    public StoreOptions Store { get; set; } = new();

    public LinksOptions Links { get; set; } = new();

    public InboxOptions Inbox { get; set; } = new();

    public HttpOptions Http { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    /// <summary>The other gateways, by name.</summary>
    public Dictionary<string, PeerOptions> Peers { get; set; } = [];

    /// <summary>For bare queue names: the destinations, each of which gets a copy.</summary>
    public Dictionary<string, List<string>> Routes { get; set; } = [];
}

/// <summary>How applications reach this gateway, and how much they may send.</summary>
internal sealed class IntakeOptions
{
    /// <summary>Where the gateway listens for applications of its own host.</summary>
    [Required]
    public string Address { get; set; } = "tcp://127.0.0.1:7420";

    /// <summary>
    /// The address may be other than loopback, although what applications say is not encrypted and whoever can connect is served.
    /// </summary>
    public bool AllowPlainText { get; set; }

    /// <summary>
    /// Those that may use the gateway, by name, each with a token and rights; none: everybody who can connect may do everything.
    /// </summary>
    public Dictionary<string, ApplicationOptions> Applications { get; set; } = [];

    /// <summary>
    /// Connections of applications at once; more are closed as they come. Each takes four handles of the operating system.
    /// </summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 1000;

    /// <summary>And from one address.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerAddressMax { get; set; } = 1000;

    /// <summary>The largest body, in bytes.</summary>
    [Range(1, 4 * 1024 * 1024)]
    public int BodyBytesMax { get; set; } = 1024 * 1024;

    /// <summary>The largest headers, as JSON, in bytes.</summary>
    [Range(2, 64 * 1024)]
    public int HeadersBytesMax { get; set; } = 16 * 1024;

    /// <summary>Messages in one request.</summary>
    [Range(1, 100_000)]
    public int BatchMessagesMax { get; set; } = 1000;

    /// <summary>Bytes in one request.</summary>
    [Range(1024, 16 * 1024 * 1024)]
    public int BatchBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Messages that a subscription may have been promised at once.</summary>
    [Range(1, 100_000)]
    public int CreditMax { get; set; } = 10_000;

    /// <summary>Subscriptions of one connection.</summary>
    [Range(1, 10_000)]
    public int SubscriptionsMax { get; set; } = 64;

    /// <summary>Unanswered requests of one connection.</summary>
    [Range(1, 1_000_000)]
    public int PendingRequestsMax { get; set; } = 10_000;

    /// <summary>Bytes of messages on their way to the disk at once.</summary>
    [Range(1024 * 1024, 1024.0 * 1024 * 1024)]
    public long PendingBytesMax { get; set; } = 64 * 1024 * 1024;
}

/// <summary>Where messages are kept.</summary>
internal sealed class StoreOptions
{
    /// <summary>The folder; relative to the working directory.</summary>
    [Required]
    public string Path { get; set; } = "data";

    /// <summary>How many accepted message ids are remembered, so that a repeated Enqueue is recognised.</summary>
    [Range(1000, 10_000_000)]
    public int AcceptedIdsMax { get; set; } = 500_000;

    /// <summary>
    /// And for how long, counted in the time in which the gateway runs, over its restarts: the wall clock, which is set, has no part in it.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan AcceptedIdsAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Queues that may hold something; a message for one more is refused. Empty queues do not count.</summary>
    [Range(1, 1_000_000)]
    public int QueuesMax { get; set; } = 100_000;

    /// <summary>And of these, inbound queues that the messages of one peer have made.</summary>
    [Range(1, 1_000_000)]
    public int PeerQueuesMax { get; set; } = 20_000;

    /// <summary>Messages that one queue may hold; more are refused.</summary>
    [Range(1, 1_000_000_000)]
    public long QueueMessagesMax { get; set; } = 10_000_000;

    /// <summary>
    /// Queues that may hold something and that the messages of one application have made since the start; without tokens all applications
    /// are one.
    /// </summary>
    [Range(1, 1_000_000)]
    public int ApplicationQueuesMax { get; set; } = 50_000;

    /// <summary>Bytes of messages that one queue may hold.</summary>
    [Range(1024 * 1024, 1L << 50)]
    public long QueueBytesMax { get; set; } = 4L << 30;

    /// <summary>Bytes of messages that all queues and dead letters may hold.</summary>
    [Range(1024 * 1024, 1L << 50)]
    public long BytesMax { get; set; } = 16L << 30;

    /// <summary>
    /// What must stay free on the disk for new messages to be taken. At least <see cref="VolumeBytes"/>, since what is left of a volume is
    /// written again out of it, and 16 MiB, which are really kept back.
    /// </summary>
    [Range(16 * 1024 * 1024, 1L << 50)]
    public long DiskReserveBytes { get; set; } = 256L << 20;

    /// <summary>The size of the volumes in which messages are written, and dropped.</summary>
    [Range(8 * 1024 * 1024, 1L << 30)]
    public long VolumeBytes { get; set; } = 64L << 20;

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

/// <summary>How this gateway speaks with its peers.</summary>
internal sealed class LinksOptions
{
    /// <summary>Where the gateway listens for peers; empty to listen for none.</summary>
    public string Address { get; set; } = "";

    /// <summary>The address may be other than loopback without TLS, although whoever can connect can then speak for a peer.</summary>
    public bool AllowPlainText { get; set; }

    public TlsOptions Tls { get; set; } = new();

    /// <summary>Connections of peers at once; more are closed as they come.</summary>
    [Range(1, 100_000)]
    public int ConnectionsMax { get; set; } = 1000;

    /// <summary>And from one address.</summary>
    [Range(1, 100_000)]
    public int ConnectionsPerAddressMax { get; set; } = 32;

    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Nothing heard for so long: the connection is dead.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:10:00")]
    public TimeSpan DeadAfter { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Nothing acknowledged for so long while messages are outstanding: the connection is given up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan AckTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The hello must be answered within.</summary>
    [Range(typeof(TimeSpan), "00:00:00.500", "00:05:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A TCP connection must be made within; to each of the addresses of a name. On Windows, which takes two seconds to report a refusal,
    /// never less than three.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The shortest time between attempts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BackoffMin { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BackoffMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>A connection that was up for so long starts the backoff anew.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan StableAfter { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The size at which a batch is sent.</summary>
    [Range(1024, LinkSettings.BatchBytesMax)]
    public int BatchBytes { get; set; } = 128 * 1024;

    /// <summary>Bytes that a peer may send before it waits for an acknowledgement.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int WindowBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>And messages.</summary>
    [Range(1, 1_000_000)]
    public int WindowMessages { get; set; } = 20_000;

    /// <summary>Operators may put faults into running connections, with the verb drill, to see that nothing is lost.</summary>
    public bool DrillEnabled { get; set; }
}

/// <summary>How consumers are served.</summary>
internal sealed class InboxOptions
{
    /// <summary>The time in which a delivered message must be settled or renewed, if the consumer names none.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "12:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>A message that was delivered so often and never completed becomes a dead letter.</summary>
    [Range(1, 1_000_000)]
    public int DeliveriesMax { get; set; } = 10;

    /// <summary>Messages of one queue that consumers hold or that wait to be delivered again.</summary>
    [Range(1, 1_000_000)]
    public int HeldMessagesMax { get; set; } = 10_000;

    /// <summary>And their bytes.</summary>
    [Range(1024 * 1024, 4.0 * 1024 * 1024 * 1024)]
    public long HeldBytesMax { get; set; } = 64 * 1024 * 1024;
}

/// <summary>Another gateway.</summary>
internal sealed class PeerOptions
{
    /// <summary>Where it listens for peers.</summary>
    [Required]
    public string Address { get; set; } = "";

    /// <summary>The SHA-256 of the one certificate that is taken for it; empty to take any of its name that a CA has signed.</summary>
    public string Fingerprint { get; set; } = "";
}
