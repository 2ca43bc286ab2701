using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Npgsql;

namespace Gateway.Client.Outbox.PostgreSql;

/// <summary>Registers the signal of PostgreSQL with a service collection.</summary>
public static class PostgreSqlOutboxServices
{
    /// <summary>
    /// Wakes the relay of <see cref="GatewayOutboxServices"/> when any process commits a row, by the <see cref="NpgsqlDataSource"/> of the
    /// container.
    /// </summary>
    public static IServiceCollection AddGatewayOutboxNotifications(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddSingleton<IOutboxSignal>(
            provider => new PostgreSqlOutboxSignal(provider.GetRequiredService<NpgsqlDataSource>()));
        return services;
    }
}
