using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// A delivery that this client holds under a lease: first it waits for the application, then the application has it, until it is settled.
/// The session writes how long the lease lasts; the consumer says when it took the message.
/// </summary>
/// <param name="subscription">The subscription that it came for.</param>
/// <param name="connection">The connection on which alone the token is valid.</param>
/// <param name="token">Names the delivery to the gateway.</param>
/// <param name="message">The message.</param>
/// <param name="lease">What the gateway gave, and what a renewal asks for.</param>
/// <param name="now">When it arrived.</param>
internal sealed class HeldDelivery(
    Subscription subscription, int connection, DeliveryToken token, DeliveredMessage message, TimeSpan lease, TimeSpan now)
{
    private readonly TimeSpan _arrivedAt = now;
    private long _untilTicks = (now + lease).Ticks;
    private long _takenAtTicks;
    private volatile bool _isLost;

    public int Connection { get; } = connection;

    public DeliveryToken Token { get; } = token;

    public DeliveredMessage Message { get; } = message;

    public TimeSpan Lease { get; } = lease;

    /// <summary>The gateway has given it to somebody else, or will, as far as this client knows. Any thread.</summary>
    public bool IsLost => _isLost;

    /// <summary>Session only: when a renewal was sent that is not answered; null if none is.</summary>
    public TimeSpan? RenewedAt { get; set; }

    /// <summary>
    /// Consumer only: the application gets it now. False when its lease ran out while it waited, so that it is delivered again.
    /// </summary>
    public bool TryTake(TimeSpan now)
    {
        Volatile.Write(ref _takenAtTicks, now.Ticks);
        subscription.LastTakenAt = now;
        return !_isLost && now < Until;
    }

    /// <summary>Session only: the lease lasts until then.</summary>
    public void Extend(TimeSpan until) => Volatile.Write(ref _untilTicks, until.Ticks);

    /// <summary>Session only: the token means nothing any more.</summary>
    public void Lose() => _isLost = true;

    /// <summary>Session only: the lease has run out.</summary>
    public bool IsOver(TimeSpan now) => now >= Until;

    /// <summary>
    /// Session only: half of the lease has passed, no renewal is on its way, and neither has the application had it for too long, nor has
    /// it waited for too long for an application that takes nothing.
    /// </summary>
    public bool IsRenewalDue(TimeSpan now)
    {
        if (Until - now > Lease / 2 || now - RenewedAt < Lease / 4)
            return false;
        var taken = new TimeSpan(Volatile.Read(ref _takenAtTicks));
        var lastSign = taken > TimeSpan.Zero ? taken : subscription.LastTakenAt > _arrivedAt ? subscription.LastTakenAt : _arrivedAt;
        return now - lastSign < subscription.LeaseRenewalMax;
    }

    private TimeSpan Until => new(Volatile.Read(ref _untilTicks));
}
