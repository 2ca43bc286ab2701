using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Client;

/// <summary>Registers the client with a service collection.</summary>
public static class ServiceCollectionExtensions
{
    /// <summary>
    /// Registers one <see cref="GatewayClient"/> for the process, created on first use. It uses the container's logger and
    /// <see cref="TimeProvider"/> if registered. Dispose the container asynchronously, as a host does.
    /// </summary>
    public static IServiceCollection AddGatewayClient(this IServiceCollection services, Action<GatewayClientOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<GatewayClientOptions>().Configure(configure);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayClientOptions>, GatewayClientOptionsValidator>());
        services.TryAddSingleton(provider => new GatewayClient(
            provider.GetRequiredService<IOptions<GatewayClientOptions>>().Value,
            provider.GetService<ILogger<GatewayClient>>(),
            provider.GetService<TimeProvider>()));
        return services;
    }
}
