using Gateway.Links;

namespace Gateway.Management;

internal enum HealthStatus
{
    Healthy,

    /// <summary>The gateway works but needs attention.</summary>
    Degraded,

    /// <summary>The gateway accepts no messages, or does not answer.</summary>
    Unhealthy,
}

/// <param name="Code">
/// For programs: <c>peer</c>, <c>damaged</c>, <c>certificate</c>, <c>store-full</c>, <c>disk</c>, <c>disk-full</c>, <c>stopping</c>,
/// <c>store</c>, <c>starting</c> or <c>stuck</c>.
/// </param>
/// <param name="About">The peer; empty for the gateway itself.</param>
/// <param name="Text">For people.</param>
internal sealed record HealthReason(string Code, string About, string Text);

/// <summary>The health of a gateway, with reasons: the single judgement that applications, probes and monitoring see. Pure.</summary>
internal sealed record Health(HealthStatus Status, IReadOnlyList<HealthReason> Reasons)
{
    public static Health Of(GatewayState state)
    {
        // A gateway that is not ready is unhealthy: it delivers what it has, but rejects all new messages.
        var obstacles = IntakeObstaclesOf(state).ToList();
        List<HealthReason> reasons = [.. obstacles, .. PeersOf(state)];
        if (state.Damaged > 0)
            reasons.Add(new HealthReason(
                "damaged", "", $"{state.Damaged} messages could not be read and left their queues; 'gateway store check' lists them"));
        if (state.Certificate is { Warning.Length: > 0 } certificate) reasons.Add(new HealthReason("certificate", "", certificate.Warning));
        return new Health(obstacles.Count > 0
            ? HealthStatus.Unhealthy : reasons.Count > 0 ? HealthStatus.Degraded : HealthStatus.Healthy, reasons);
    }

    /// <summary>The obstacles that keep the whole gateway from accepting messages; a single full queue is none.</summary>
    public static IEnumerable<HealthReason> IntakeObstaclesOf(GatewayState state)
    {
        if (state.IsStopping)
            yield return new HealthReason("stopping", "", "the gateway is stopping; it delivers what it can and takes no new messages");
        if (state.StoredBytes >= state.StoredBytesMax)
        {
            yield return new HealthReason(
                "store-full", "", $"the store holds {state.StoredBytes} bytes, of {state.StoredBytesMax} that it may "
                    + $"hold (Store:BytesMax)");
        }

        if (state.DiskObstacle is { } obstacle)
        {
            yield return new HealthReason(
                "disk", "", $"new messages are refused since {obstacle.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z, and what is stored "
                    + $"drains: {obstacle.Why}");
        }

        if (state.FreeBytes < state.FreeBytesMin)
        {
            yield return new HealthReason(
                "disk-full", "", $"the disk has {state.FreeBytes} bytes left, and {state.FreeBytesMin} are the reserve "
                    + $"(Store:DiskReserveBytes)");
        }
    }

    private static IEnumerable<HealthReason> PeersOf(GatewayState state) => state.Links
        .Where(link => link.Pause is null && !link.Status.IsWell)
        .Select(link => new HealthReason("peer", link.Status.Peer, Describe(link)));

    private static string Describe(LinkSummary link)
    {
        var status = link.Status;
        var cause = status.Cause == LinkCause.None ? "no cause yet" : status.Cause.ToString();
        var likeliest = link.Likeliest is { } likely && likely != LinkCause.None ? $", most likely {likely}" : "";
        var fruitless = status.Fruitless > 0 ? ", and nothing that is sent is acknowledged" : "";
        return $"{status.State.ToString().ToLowerInvariant()} ({cause}{likeliest}) "
            + $"since {status.Since.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z{fruitless}; {link.Messages} messages wait";
    }
}
