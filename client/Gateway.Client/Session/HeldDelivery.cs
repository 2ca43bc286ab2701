using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// A delivery that this client holds under a lease, first buffered and then in the application's hands until it is settled. The session
/// writes the end of the lease; the consumer writes the time it took the message.
/// </summary>
/// <param name="subscription">The subscription that received it.</param>
/// <param name="connection">The only connection on which the token is valid.</param>
/// <param name="token">Identifies the delivery to the gateway.</param>
/// <param name="message">The message.</param>
/// <param name="lease">The lease granted by the gateway and requested on renewal.</param>
/// <param name="now">The time of arrival.</param>
internal sealed class HeldDelivery(
    Subscription subscription, int connection, DeliveryToken token, DeliveredMessage message, TimeSpan lease, TimeSpan now)
{
    private readonly TimeSpan _arrivedAt = now;
    private long _untilTicks = (now + lease).Ticks;
    private long _takenAtTicks;
    private volatile bool _isLost;
    private volatile bool _isLetGo;

    public int Connection { get; } = connection;

    public DeliveryToken Token { get; } = token;

    public DeliveredMessage Message { get; } = message;

    public TimeSpan Lease { get; } = lease;

    /// <summary>As far as this client knows, the gateway has redelivered the message or will. Any thread.</summary>
    public bool IsLost => _isLost;

    /// <summary>Session only: when the pending renewal was sent; null if there is none.</summary>
    public TimeSpan? RenewedAt { get; set; }

    /// <summary>
    /// Consumer only: hands the message to the application. False when its lease ran out in the buffer, so that it is redelivered.
    /// </summary>
    public bool TryTake(TimeSpan now)
    {
        Volatile.Write(ref _takenAtTicks, now.Ticks);
        subscription.LastTakenAt = now;
        return !_isLost && now < Until;
    }

    /// <summary>Consumer only: ends the renewals.</summary>
    public void LetGo() => _isLetGo = true;

    /// <summary>Session only: sets the end of the lease.</summary>
    public void Extend(TimeSpan until) => Volatile.Write(ref _untilTicks, until.Ticks);

    /// <summary>Session only: invalidates the token.</summary>
    public void Lose() => _isLost = true;

    /// <summary>Session only: the lease has run out.</summary>
    public bool IsOver(TimeSpan now) => now >= Until;

    /// <summary>
    /// Session only: half of the lease has passed, no renewal is pending, and neither the processing nor the wait in the buffer has
    /// exceeded the renewal limit.
    /// </summary>
    public bool IsRenewalDue(TimeSpan now)
    {
        if (_isLetGo || Until - now > Lease / 2 || now - RenewedAt < Lease / 4)
            return false;
        var taken = new TimeSpan(Volatile.Read(ref _takenAtTicks));
        var lastSign = taken > TimeSpan.Zero ? taken : subscription.LastTakenAt > _arrivedAt ? subscription.LastTakenAt : _arrivedAt;
        return now - lastSign < subscription.LeaseRenewalMax;
    }

    private TimeSpan Until => new(Volatile.Read(ref _untilTicks));
}
