using System.Data.Common;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Outbox;

/// <summary>Registers the inbox of an application with a service collection; the host has it forget old ids.</summary>
public static class GatewayInboxServices
{
    /// <summary>Registers a <see cref="GatewayInbox"/>. The options are validated when the host starts.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Sets the options. Without an <see cref="InboxOptions.DataSource"/> the container's is used.</param>
    public static IServiceCollection AddGatewayInbox(this IServiceCollection services, Action<InboxOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<InboxOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InboxOptions>, InboxOptionsValidator>());
        services.TryAddSingleton(provider => new GatewayInbox(provider.GetRequiredService<IOptions<InboxOptions>>().Value));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, InboxCleaner>(provider =>
        {
            var options = provider.GetRequiredService<IOptions<InboxOptions>>().Value;
            return new InboxCleaner(
                provider.GetRequiredService<GatewayInbox>(),
                options.DataSource ?? provider.GetRequiredService<DbDataSource>(),
                options.CleanInterval,
                provider.GetService<ILogger<InboxCleaner>>() ?? NullLogger<InboxCleaner>.Instance,
                provider.GetService<TimeProvider>() ?? TimeProvider.System);
        }));
        return services;
    }
}
