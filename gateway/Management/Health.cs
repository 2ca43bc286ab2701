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
/// For programs: <c>peer</c>, <c>inlet</c>, <c>outlet</c>, <c>damaged</c>, <c>durability</c>, <c>certificate</c>, <c>configuration</c>,
/// <c>store-full</c>, <c>disk</c>, <c>disk-full</c>, <c>store-stalled</c>, <c>stopping</c>, <c>store</c>, <c>starting</c>,
/// <c>standby</c> or <c>stuck</c>.
/// </param>
/// <param name="About">The peer, inlet or outlet; empty for the gateway itself.</param>
/// <param name="Text">For people.</param>
internal sealed record HealthReason(string Code, string About, string Text);

/// <summary>
/// The health of a gateway, with reasons, as applications, probes and monitoring see it: the part of the <see cref="Findings"/> that counts
/// for health. Pure.
/// </summary>
internal sealed record Health(HealthStatus Status, IReadOnlyList<HealthReason> Reasons)
{
    public static Health Of(GatewayState state)
    {
        // A gateway that is not ready is unhealthy: it delivers what it has, but rejects all new messages.
        var reasons = Findings.Of(state).Where(finding => finding.IsOfHealth).Select(ReasonOf).ToList();
        return new Health(Findings.OfIntake(state).Any()
            ? HealthStatus.Unhealthy : reasons.Count > 0 ? HealthStatus.Degraded : HealthStatus.Healthy, reasons);
    }

    /// <summary>The obstacles that keep the whole gateway from accepting messages; a single full queue is none.</summary>
    public static IEnumerable<HealthReason> IntakeObstaclesOf(GatewayState state) => Findings.OfIntake(state).Select(ReasonOf);

    private static HealthReason ReasonOf(Finding finding) => new(finding.Code, finding.About, finding.Text);
}
