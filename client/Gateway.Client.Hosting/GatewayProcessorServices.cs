using Gateway.Client.Processing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Gateway.Client.Hosting;

/// <summary>Registers processors with a service collection; the host starts and stops them.</summary>
/// <remarks>
/// A message is read as <c>TMessage</c>: a <see cref="ReceivedMessage"/> as it is, a <c>ReadOnlyMemory&lt;byte&gt;</c> or <c>byte[]</c> as
/// its body, any other type by the registered <see cref="IMessageSerializer"/>, or else by <see cref="JsonMessageSerializer.Default"/>. A
/// message that cannot be read becomes a dead letter. A registered <see cref="IRetryPolicy"/> decides on failures, unless the options have
/// one. The processor is a keyed service, <c>[FromKeyedServices("orders")] GatewayProcessor</c>, to pause and resume it; with a named
/// client its key is <c>queue@client</c>.
/// </remarks>
public static class GatewayProcessorServices
{
    /// <summary>Handles the messages of a local queue by a handler, with options from a section of the configuration.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="queue">The local queue.</param>
    /// <param name="section">The options; a key that is no option is a fault.</param>
    /// <param name="client">The name of the client; null for that of the process.</param>
    /// <exception cref="InvalidOperationException">The queue has a processor already.</exception>
    public static IServiceCollection AddGatewayProcessor<TMessage, THandler>(
        this IServiceCollection services, string queue, IConfiguration section, string? client = null)
        where THandler : class, IMessageHandler<TMessage> =>
        Add<TMessage, THandler>(
            services, queue, client, options => options.Bind(section, binder => binder.ErrorOnUnknownConfiguration = true));

    /// <summary>Handles the messages of a local queue by a handler.</summary>
    /// <param name="services">The service collection.</param>
    /// <param name="queue">The local queue.</param>
    /// <param name="configure">Sets the options; null for the defaults.</param>
    /// <param name="client">The name of the client; null for that of the process.</param>
    /// <exception cref="InvalidOperationException">The queue has a processor already.</exception>
    public static IServiceCollection AddGatewayProcessor<TMessage, THandler>(
        this IServiceCollection services, string queue, Action<GatewayProcessorOptions>? configure = null, string? client = null)
        where THandler : class, IMessageHandler<TMessage> =>
        Add<TMessage, THandler>(services, queue, client, options =>
        {
            if (configure is not null)
                options.Configure(configure);
        });

    private static IServiceCollection Add<TMessage, THandler>(
        IServiceCollection services, string queue, string? client, Action<OptionsBuilder<GatewayProcessorOptions>> configure)
        where THandler : class, IMessageHandler<TMessage>
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(queue);
        var key = client is null ? queue : $"{queue}@{client}";
        if (services.Any(service => service.ServiceType == typeof(GatewayProcessor) && key.Equals(service.ServiceKey)))
            throw new InvalidOperationException($"The queue '{key}' has a processor already; give that one a higher ConcurrencyMax.");
        configure(services.AddOptions<GatewayProcessorOptions>(key));
        services.AddOptions<GatewayProcessorOptions>(key)
            .Configure<IServiceProvider>((options, provider) => options.RetryPolicy ??= provider.GetService<IRetryPolicy>())
            .ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<GatewayProcessorOptions>, GatewayProcessorOptionsValidator>());
        services.TryAddScoped<THandler>();
        services.AddKeyedSingleton(key, (provider, _) => provider.GetClient(client).CreateProcessor(
            queue,
            provider.GetRequiredService<IOptionsMonitor<GatewayProcessorOptions>>().Get(key),
            provider.GetService<ILogger<GatewayProcessor>>(),
            provider.GetService<TimeProvider>()));
        services.AddSingleton<IHostedService>(provider => new ProcessorService<TMessage, THandler>(
            provider.GetRequiredKeyedService<GatewayProcessor>(key),
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetService<IMessageSerializer>() ?? JsonMessageSerializer.Default));
        return services;
    }
}
