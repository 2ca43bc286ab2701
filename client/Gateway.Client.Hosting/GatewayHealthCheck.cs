using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Gateway.Client.Hosting;

/// <summary>
/// Unhealthy, or as registered, while the gateway does not answer or accepts no messages; degraded while a queue is beyond a limit.
/// </summary>
internal sealed class GatewayHealthCheck(GatewayClient client, GatewayHealthOptions options, TimeProvider time) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var data = new Dictionary<string, object>();
        var faults = new List<string>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        either.CancelAfter(options.Timeout);
        try
        {
            var gateway = await client.GetGatewayAsync(either.Token).ConfigureAwait(false);
            data["gateway"] = gateway.Name;
            if (!gateway.IsReady)
                return Failed(context, $"The gateway {gateway.Name} accepts no messages: {gateway.Obstacle}", data);
            foreach (var queue in options.Queues)
                await LookAsync(queue, data, faults, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Failed(context, $"The gateway did not answer within {Seconds(options.Timeout)} s.", data);
        }
        catch (GatewayException failure)
        {
            return Failed(context, failure.Message, data, failure);
        }

        return faults.Count > 0
            ? HealthCheckResult.Degraded(string.Join(" ", faults), data: data)
            : HealthCheckResult.Healthy("The gateway accepts messages.", data);
    }

    private static HealthCheckResult Failed(
        HealthCheckContext context, string text, Dictionary<string, object> data, Exception? failure = null) =>
        new(context.Registration.FailureStatus, text, failure, data);

    private async Task LookAsync(string queue, Dictionary<string, object> data, List<string> faults, CancellationToken cancellationToken)
    {
        var info = await client.GetQueueAsync(queue, cancellationToken).ConfigureAwait(false);
        data[$"{queue} messages"] = info.Messages;
        data[$"{queue} bytes"] = info.Bytes;
        if (info.Messages > options.MessagesMax)
            faults.Add($"{queue} has {info.Messages} messages, more than {options.MessagesMax}.");
        if (info.Bytes > options.BytesMax)
            faults.Add($"{queue} has {info.Bytes} bytes, more than {options.BytesMax}.");
        if (info.Peer is { } peer)
        {
            data[$"{queue} link"] = peer.IsUp ? "up" : peer.Cause;
            if (!peer.IsUp && options.DegradedWhenLinkIsDown)
                faults.Add($"The link to {peer.Name} is down: {peer.Cause}, {peer.Evidence}.");
        }

        if (info.OldestAt is { } oldest)
        {
            var age = time.GetUtcNow() - oldest;
            data[$"{queue} oldest seconds"] = age.TotalSeconds;
            if (age > options.OldestAgeMax)
                faults.Add($"The oldest message of {queue} is {Seconds(age)} s old, more than {Seconds(options.OldestAgeMax.Value)} s.");
        }
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);
}
