namespace Gateway.Client.Hosting;

/// <summary>What the health check of a client looks at.</summary>
public sealed class GatewayHealthOptions
{
    /// <summary>How long the gateway has for its answers. Default 5 s.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The queues to look at: local ones, and destinations as <c>queue@peer</c>. The application needs the right to receive from a local
    /// queue, and to enqueue to a destination. Default: none.
    /// </summary>
    public IList<string> Queues { get; } = [];

    /// <summary>The messages in one queue above which the check is degraded. Default null: any number.</summary>
    public long? MessagesMax { get; set; }

    /// <summary>The bytes in one queue above which the check is degraded. Default null: any number.</summary>
    public long? BytesMax { get; set; }

    /// <summary>
    /// The age of the oldest message in one queue above which the check is degraded, by the clocks of this host and of the one that
    /// accepted the message. Default null: any age.
    /// </summary>
    public TimeSpan? OldestAgeMax { get; set; }

    /// <summary>Whether the check is degraded while the link to the peer of a destination is down. Default false: messages wait.</summary>
    public bool DegradedWhenLinkIsDown { get; set; }
}
