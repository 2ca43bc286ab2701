namespace Gateway.Http.Views;

internal enum HealthStatus
{
    Healthy,

    /// <summary>It works, and somebody should look.</summary>
    Degraded,

    Unhealthy,
}

internal sealed record HealthView(HealthStatus Status, IReadOnlyList<HealthReason> Reasons);

/// <param name="Code">For programs: <c>peer</c>, <c>damaged</c>, <c>certificate</c>, <c>store-full</c>, <c>disk-full</c>, <c>store</c>,
/// <c>starting</c> or <c>stuck</c>.</param>
/// <param name="About">The peer; empty for the gateway itself.</param>
/// <param name="Text">For people.</param>
internal sealed record HealthReason(string Code, string About, string Text);
