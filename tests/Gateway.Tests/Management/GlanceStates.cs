using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;

namespace Gateway.Tests.Management;

/// <summary>States of a gateway with nothing wrong but what a test adds.</summary>
internal static class GlanceStates
{
    public static GatewayState At(DateTimeOffset now, params LinkSummary[] links) => new()
    {
        Name = "shop",
        Incarnation = Guid.Empty,
        StartedAt = now.AddDays(-1),
        Now = now,
        Links = links,
        Queues = [],
        Outgoing = new QueueSum(0, 0, 0),
        Inbound = new QueueSum(0, 0, 0),
        DeadLetters = 0,
        Damaged = 0,
        StoredBytes = 0,
        StoredBytesMax = 10_000_000_000,
        FreeBytes = 100_000_000_000,
        FreeBytesMin = 256 << 20,
        Connections = new Dictionary<string, long>(),
    };

    /// <summary>The link to billing, in its state for ten minutes.</summary>
    public static LinkSummary Link(DateTimeOffset now, LinkState state, LinkCause cause = LinkCause.None, long messages = 0) => new()
    {
        Status = new LinkStatus("billing", state, cause, now.AddMinutes(-10), "", LinkAdvice.For(cause)),
        Messages = messages,
        Bytes = 10 * messages,
    };
}
