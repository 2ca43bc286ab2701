using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Hosting;

/// <summary>Registers clients with a service collection.</summary>
/// <remarks>
/// The options are validated when the host starts; in a configuration, a key that is no option is a fault too. A client is created on first
/// use, with the container's logger and <see cref="TimeProvider"/> if registered. Dispose of the container asynchronously, as a host does.
/// </remarks>
public static class GatewayClientServices
{
    /// <summary>Registers the <see cref="GatewayClient"/> of the process, with options from a section of the configuration.</summary>
    public static IServiceCollection AddGatewayClient(this IServiceCollection services, IConfiguration section) =>
        Add(services, null, options => options.Bind(section, binder => binder.ErrorOnUnknownConfiguration = true));

    /// <summary>Registers the <see cref="GatewayClient"/> of the process.</summary>
    public static IServiceCollection AddGatewayClient(this IServiceCollection services, Action<GatewayClientOptions> configure) =>
        Add(services, null, options => options.Configure(configure));

    /// <summary>
    /// Registers one of several clients by name, with options from a section of the configuration. It is a keyed service:
    /// <c>[FromKeyedServices(name)] GatewayClient</c>.
    /// </summary>
    public static IServiceCollection AddGatewayClient(this IServiceCollection services, string name, IConfiguration section) =>
        Add(services, Named(name), options => options.Bind(section, binder => binder.ErrorOnUnknownConfiguration = true));

    /// <summary>
    /// Registers one of several clients by name. It is a keyed service: <c>[FromKeyedServices(name)] GatewayClient</c>.
    /// </summary>
    public static IServiceCollection AddGatewayClient(
        this IServiceCollection services, string name, Action<GatewayClientOptions> configure) =>
        Add(services, Named(name), options => options.Configure(configure));

    /// <summary>The client of the given name; that of the process for null.</summary>
    internal static GatewayClient GetClient(this IServiceProvider provider, string? name) =>
        name is null ? provider.GetRequiredService<GatewayClient>() : provider.GetRequiredKeyedService<GatewayClient>(name);

    private static IServiceCollection Add(
        IServiceCollection services, string? name, Action<OptionsBuilder<GatewayClientOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        configure(services.AddOptions<GatewayClientOptions>(name));
        services.AddOptions<GatewayClientOptions>(name).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayClientOptions>, GatewayClientOptionsValidator>());
        if (name is null)
            services.TryAddSingleton(provider => Create(provider, Options.DefaultName));
        else
            services.TryAddKeyedSingleton(name, (provider, _) => Create(provider, name));
        return services;
    }

    private static GatewayClient Create(IServiceProvider provider, string name) => new(
        provider.GetRequiredService<IOptionsMonitor<GatewayClientOptions>>().Get(name),
        provider.GetService<ILogger<GatewayClient>>(),
        provider.GetService<TimeProvider>());

    private static string Named(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name;
    }
}
