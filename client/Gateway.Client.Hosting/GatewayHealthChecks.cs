using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Client.Hosting;

/// <summary>Registers the health check of a client.</summary>
public static class GatewayHealthChecks
{
    /// <summary>
    /// Checks that the gateway answers and accepts messages, and that queues are within their limits. The result's data has the figures.
    /// </summary>
    /// <param name="checks">The health checks.</param>
    /// <param name="configure">Sets what to look at; null for the gateway alone.</param>
    /// <param name="client">The name of the client; null for that of the process.</param>
    /// <param name="name">The name of the check; null for <c>gateway</c>, or <c>gateway-</c> and the client's name.</param>
    /// <param name="failureStatus">While the gateway does not answer or accepts nothing; null for unhealthy.</param>
    /// <param name="tags">Tags of the check; null for none.</param>
    public static IHealthChecksBuilder AddGatewayClient(
        this IHealthChecksBuilder checks, Action<GatewayHealthOptions>? configure = null, string? client = null, string? name = null,
        HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(checks);
        var options = new GatewayHealthOptions();
        configure?.Invoke(options);
        return checks.Add(new HealthCheckRegistration(
            name ?? (client is null ? "gateway" : $"gateway-{client}"),
            provider => new GatewayHealthCheck(
                provider.GetClient(client), options, provider.GetService<TimeProvider>() ?? TimeProvider.System),
            failureStatus,
            tags));
    }
}
