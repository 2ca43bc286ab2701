using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Outbox;

/// <summary>Has the inbox forget old ids while the host runs.</summary>
internal sealed partial class InboxCleaner(
    GatewayInbox inbox, DbDataSource source, TimeSpan interval, ILogger<InboxCleaner> logger, TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                var connection = await source.OpenConnectionAsync(stoppingToken).ConfigureAwait(false);
                await using (connection.ConfigureAwait(false))
                    LogCleaned(logger, await inbox.CleanAsync(connection, stoppingToken).ConfigureAwait(false));
            }
            catch (Exception fault) when (DatabaseFault.Is(fault))
            {
                LogFailed(logger, fault, interval, fault.Message);
            }
        }
    }

    [LoggerMessage(7130, LogLevel.Debug, "Ids that the inbox has forgotten: {Count}")]
    private static partial void LogCleaned(ILogger logger, int count);

    [LoggerMessage(
        7131, LogLevel.Warning,
        "The inbox forgot no old ids; again in {Wait}. If it is missing, GatewayInbox.CreateSchemaAsync makes it: {Reason}")]
    private static partial void LogFailed(ILogger logger, Exception fault, TimeSpan wait, string reason);
}
