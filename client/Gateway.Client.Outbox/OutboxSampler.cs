using System.Data.Common;
using Microsoft.Extensions.Logging;

namespace Gateway.Client.Outbox;

/// <summary>
/// Counts what is in an outbox at intervals, for the metrics, while its relay is active and somebody listens. It does so on a connection of
/// its own: no message waits for it, and it goes on while the relay waits for the gateway.
/// </summary>
internal sealed partial class OutboxSampler(
    GatewayOutbox outbox, DbDataSource source, TimeSpan interval, ILogger logger, TimeProvider time)
{
    /// <summary>Replaced whole by the loop, and read by whoever collects metrics.</summary>
    private volatile Sample? _last;

    private bool _isFailing;

    /// <summary>What it saw last; null if that is nothing, or not known at present.</summary>
    public OutboxStatus? Last => _last?.Status;

    /// <summary>Runs until it is stopped, and returns then.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        OutboxTelemetry.Show(this, outbox.NotificationChannel);
        try
        {
            using var timer = new PeriodicTimer(interval, time);
            do
            {
                _last = OutboxTelemetry.IsSampled ? await LookAsync(stop).ConfigureAwait(false) : null;
            }
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // It is stopped.
        }
        finally
        {
            OutboxTelemetry.Hide(this);
        }
    }

    private async Task<Sample?> LookAsync(CancellationToken stop)
    {
        try
        {
            var connection = await source.OpenConnectionAsync(stop).ConfigureAwait(false);
            await using (connection.ConfigureAwait(false))
            {
                var status = await outbox.GetStatusAsync(connection, stop).ConfigureAwait(false);
                _isFailing = false;
                return new Sample(status);
            }
        }
        catch (Exception fault) when (DatabaseFault.Is(fault))
        {
            if (!_isFailing && !stop.IsCancellationRequested)
                LogNotCounted(logger, fault, outbox.NotificationChannel, fault.Message);
            _isFailing = true;
            return null;
        }
    }

    [LoggerMessage(
        7112, LogLevel.Warning,
        "The outbox {Table} could not be counted; its metrics of messages and age are missing until it can: {Reason}")]
    private static partial void LogNotCounted(ILogger logger, Exception fault, string table, string reason);

    private sealed record Sample(OutboxStatus Status);
}
