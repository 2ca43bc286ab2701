using Gateway.Client.Processing;

namespace Gateway.Client.Requests;

/// <summary>
/// A late reply that cannot be kept now is kept later; one that never can becomes a dead letter with the gateway's reason.
/// </summary>
internal sealed class LateReplyPolicy : IRetryPolicy
{
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public TimeSpan? DelayAfter(Exception failure, int deliveries) =>
        failure is GatewayException { IsTransient: true } or GatewayException { Reason: GatewayError.Disposed or GatewayError.Failed }
            ? _delay
            : null;
}
