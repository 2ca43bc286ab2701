using System.Data.Common;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Outbox;

/// <summary>Registers the outbox of an application with a service collection; the host runs its relay.</summary>
public static class GatewayOutboxServices
{
    /// <summary>
    /// Registers a <see cref="GatewayOutbox"/>, and an <see cref="OutboxRelay"/> that sends by the <see cref="GatewayClient"/> of the
    /// container, with options from a section of the configuration. They are validated when the host starts; a key that is no option is a
    /// fault. A registered <see cref="IOutboxSignal"/> wakes the relay.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="section">
    /// The options by name; <c>Dialect</c> is <c>PostgreSql</c>, <c>Sqlite</c> or <c>SqlServer</c>. The container has the
    /// <see cref="DbDataSource"/>.
    /// </param>
    /// <param name="client">The name of the client; null for that of the process.</param>
    /// <param name="relay">Whether the host runs a relay; false for a process that only enqueues.</param>
    public static IServiceCollection AddGatewayOutbox(
        this IServiceCollection services, IConfiguration section, string? client = null, bool relay = true)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, options => OptionsSection.Apply(section, options), OptionsSection.PrefixOf(section), client, relay);
    }

    /// <summary>As the other overload, with options that are set by code.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Sets the options. Without a <see cref="OutboxOptions.DataSource"/> the container's is used.</param>
    /// <param name="client">The name of the client; null for that of the process.</param>
    /// <param name="relay">Whether the host runs a relay; false for a process that only enqueues.</param>
    public static IServiceCollection AddGatewayOutbox(
        this IServiceCollection services, Action<OutboxOptions> configure, string? client = null, bool relay = true) =>
        Add(services, configure, "", client, relay);

    private static IServiceCollection Add(
        IServiceCollection services, Action<OutboxOptions> configure, string prefix, string? client, bool relay)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<OutboxOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OutboxOptions>>(new OutboxOptionsValidator(prefix)));
        services.TryAddSingleton(provider => new GatewayOutbox(
            provider.GetRequiredService<IOptions<OutboxOptions>>().Value, provider.GetService<TimeProvider>()));
        if (!relay)
            return services;
        services.TryAddSingleton(provider => new OutboxRelay(
            provider.GetRequiredService<GatewayOutbox>(),
            provider.GetRequiredService<IOptions<OutboxOptions>>().Value.DataSource ?? provider.GetRequiredService<DbDataSource>(),
            client is null ? provider.GetRequiredService<GatewayClient>() : provider.GetRequiredKeyedService<GatewayClient>(client),
            provider.GetService<IOutboxSignal>(),
            provider.GetService<ILogger<OutboxRelay>>(),
            provider.GetService<TimeProvider>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, OutboxRelayService>());
        return services;
    }
}
