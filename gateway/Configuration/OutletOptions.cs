using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Gateway.Tcp;
using Gateway.Tcp.Framing;

namespace Gateway.Configuration;

/// <summary>An outlet: it empties an inbound queue into the connections of a program that listens.</summary>
internal sealed class OutletOptions
{
    private static readonly OutletSettings _standard = new("", "", "", 0, new FrameFormat.Stream());

    /// <summary>The inbound queue that it empties, in order.</summary>
    [Required]
    public string Queue { get; set; } = "";

    /// <summary>The program: <c>HOST:PORT</c>.</summary>
    [Required]
    public string Target { get; set; } = "";

    /// <summary>The framing of what the target sends; messages are written as they are.</summary>
    public FramingOptions Framing { get; set; } = new();

    /// <summary>What counts as delivered.</summary>
    public OutletDelivery Delivery { get; set; } = _standard.Delivery;

    /// <summary>Of Acknowledged: completion is held back by this long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan ReplayWindow { get; set; } = _standard.ReplayWindow;

    /// <summary>Of Reply: only a reply that matches this regular expression completes a message; empty for every reply.</summary>
    public string Accepted { get; set; } = "";

    /// <summary>Of Reply: a reply that matches this regular expression refuses the message; empty for none.</summary>
    public string Refused { get; set; } = "";

    /// <summary>Of Reply: a message refused this often becomes a dead letter.</summary>
    [Range(1, 1_000_000)]
    public int AttemptsMax { get; set; } = _standard.AttemptsMax;

    /// <summary>Of Reply: the time for a reply, after which the connection is given up and the message sent again.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan ReplyTimeout { get; set; } = _standard.ReplyTimeout;

    /// <summary>Of Reply: messages sent and not yet replied to.</summary>
    [Range(1, 10_000)]
    public int UnansweredMax { get; set; } = _standard.UnansweredMax;

    /// <summary>Each conversation of an inlet has a connection of its own; otherwise one serves all.</summary>
    public bool PerConversation { get; set; } = _standard.IsPerConversation;

    /// <summary>Of PerConversation: connections at once; messages of a further conversation wait.</summary>
    [Range(1, 10_000)]
    public int ConnectionsMax { get; set; } = _standard.ConnectionsMax;

    /// <summary>Of PerConversation: a connection in which nothing moves for so long is closed; 0 for never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "30.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = _standard.IdleTimeout;

    /// <summary>The time limit for a TCP connection.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan ConnectTimeout { get; set; } = _standard.ConnectTimeout;

    /// <summary>The shortest time between attempts to connect.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BackoffMin { get; set; } = _standard.BackoffMin;

    /// <summary>The longest time between attempts to connect.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:10:00")]
    public TimeSpan BackoffMax { get; set; } = _standard.BackoffMax;

    /// <summary>A target that takes none of the bytes that wait for it for so long is told as stuck.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan StuckTold { get; set; } = _standard.StuckTold;

    /// <summary>Bytes sent on one connection and not yet completed.</summary>
    [Range(64 * 1024, 64 * 1024 * 1024)]
    public int WindowBytes { get; set; } = _standard.WindowBytes;

    /// <summary>Splits <c>HOST:PORT</c>, with an address of IPv6 in brackets; null if it is none.</summary>
    internal static (string Host, int Port)? SplitTarget(string target)
    {
        var colon = target.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(target.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0)
            return null;
        var host = target[..colon];
        var isBracketed = host is ['[', .., ']'];
        if (isBracketed) host = host[1..^1];
        return Uri.CheckHostName(host) switch
        {
            UriHostNameType.Dns or UriHostNameType.IPv4 when !isBracketed => (host, port),
            UriHostNameType.IPv6 when isBracketed => (host, port),
            _ => null,
        };
    }

    /// <summary>The settings of valid options.</summary>
    internal OutletSettings ToSettings(string name, int bodyBytesMax)
    {
        var (host, port) = SplitTarget(Target) ?? ("", 0);
        return new OutletSettings(name, Queue, host, port, Framing.ToFormat(bodyBytesMax))
        {
            Delivery = Delivery,
            ReplayWindow = ReplayWindow,
            Accepted = Accepted,
            Refused = Refused,
            AttemptsMax = AttemptsMax,
            ReplyTimeout = ReplyTimeout,
            UnansweredMax = UnansweredMax,
            IsPerConversation = PerConversation,
            ConnectionsMax = ConnectionsMax,
            IdleTimeout = IdleTimeout,
            ConnectTimeout = ConnectTimeout,
            BackoffMin = BackoffMin,
            BackoffMax = BackoffMax,
            StuckTold = StuckTold,
            WindowBytes = WindowBytes,
        };
    }
}
