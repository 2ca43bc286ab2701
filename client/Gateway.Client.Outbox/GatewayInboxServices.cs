using System.Data.Common;
using Microsoft.Extensions.Configuration;
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
    /// <summary>
    /// Registers a <see cref="GatewayInbox"/>, with options from a section of the configuration. They are validated when the host starts; a
    /// key that is no option is a fault.
    /// </summary>
    /// <param name="services">The service collection.</param>
    /// <param name="section">
    /// The options by name; <c>Dialect</c> is <c>PostgreSql</c>, <c>Sqlite</c> or <c>SqlServer</c>. The container has the
    /// <see cref="DbDataSource"/>.
    /// </param>
    public static IServiceCollection AddGatewayInbox(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return Add(services, options => OptionsSection.Apply(section, options), OptionsSection.PrefixOf(section));
    }

    /// <summary>As the other overload, with options that are set by code.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="configure">Sets the options. Without an <see cref="InboxOptions.DataSource"/> the container's is used.</param>
    public static IServiceCollection AddGatewayInbox(this IServiceCollection services, Action<InboxOptions> configure) =>
        Add(services, configure, "");

    private static IServiceCollection Add(IServiceCollection services, Action<InboxOptions> configure, string prefix)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<InboxOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<InboxOptions>>(new InboxOptionsValidator(prefix)));
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
