using System.Threading.Channels;
using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// One running ReceiveAsync. The session fills the buffer and owns the credit; the consumer reads and counts the messages taken. The buffer
/// never holds more than the granted credit, which is at most the prefetch.
/// </summary>
internal sealed class Subscription
{
    private readonly Channel<HeldDelivery> _buffer;
    private readonly PrefetchPace _pace = new();
    private volatile int _connection;
    private volatile int _most;
    private volatile int _opened;
    private long _leaseTicks;
    private long _lastTakenTicks;
    private int _takenConnection;
    private int _ahead;

    public Subscription(RequestId id, string queue, int prefetch, TimeSpan? lease, TimeSpan? leaseRenewalMax = null)
    {
        Id = id;
        Queue = queue;
        Prefetch = prefetch;
        Lease = lease;
        LeaseRenewalMax = leaseRenewalMax ?? ReceiveOptions.LeaseRenewalMaxDefault;
        _most = _opened = prefetch;
        _buffer = Channel.CreateBounded<HeldDelivery>(new BoundedChannelOptions(prefetch) { SingleWriter = true });
    }

    /// <summary>Session only: the id on the wire, replaced after a refusal.</summary>
    public RequestId Id { get; private set; }

    public string Queue { get; }

    public int Prefetch { get; }

    public TimeSpan? Lease { get; }

    /// <summary>How long the client renews held messages; zero for no renewal.</summary>
    public TimeSpan LeaseRenewalMax { get; }

    /// <summary>The time of the last message taken. Written by the consumer, read by the session.</summary>
    public TimeSpan LastTakenAt
    {
        get => new(Volatile.Read(ref _lastTakenTicks));
        set => Volatile.Write(ref _lastTakenTicks, value.Ticks);
    }

    /// <summary>Session only: the number of messages the gateway may still send.</summary>
    public int Credit { get; private set; }

    /// <summary>Session only: when to reopen the subscription after a transient refusal.</summary>
    public TimeSpan? RetryAt { get; private set; }

    /// <summary>Session only: the wait after the last of consecutive refusals; zero for none.</summary>
    public TimeSpan LastWait { get; private set; }

    /// <summary>
    /// Session only: restarts on a connection with an empty buffer and full credit. Without lease renewal it starts with a credit of one,
    /// until the processing time of a message is known.
    /// </summary>
    /// <param name="connection">The connection to use.</param>
    /// <param name="creditMax">The gateway's limit.</param>
    /// <param name="leaseDefault">The gateway's lease if the consumer specifies none.</param>
    public Request.Receive Open(int connection, int creditMax, TimeSpan leaseDefault)
    {
        Drain();
        RetryAt = null;
        _most = Math.Min(Prefetch, creditMax);
        Credit = _opened = LeaseRenewalMax > TimeSpan.Zero ? _most : 1;
        Volatile.Write(ref _leaseTicks, (Lease ?? leaseDefault).Ticks);
        _connection = connection;
        return new Request.Receive(Id, Queue, Credit, Lease);
    }

    /// <summary>
    /// Session only: handles a transient refusal of a RECEIVE. The reply does not tell which RECEIVE was refused, so the remaining credit
    /// is unknown: the subscription restarts later under a fresh id.
    /// </summary>
    public List<HeldDelivery> Postpone(RequestId id, TimeSpan wait, TimeSpan now)
    {
        var buffered = Lose();
        Id = id;
        RetryAt = now + wait;
        LastWait = wait;
        return buffered;
    }

    /// <summary>Session only: the connection is gone; returns the buffered messages, which are lost with it.</summary>
    public List<HeldDelivery> Lose()
    {
        _connection = 0;
        Credit = 0;
        RetryAt = null;
        return Drain();
    }

    /// <summary>Session only: grants credit. Null when the connection has changed, because the new one has its own credit.</summary>
    public Request.Receive? Grant(int connection, int count)
    {
        if (connection != _connection)
            return null;
        Credit += count;
        return new Request.Receive(Id, Queue, count, Lease);
    }

    /// <summary>Session only: buffers a message. Null when the gateway sends more than the granted credit.</summary>
    public HeldDelivery? Buffer(DeliveryToken token, DeliveredMessage message, TimeSpan now)
    {
        var delivery = new HeldDelivery(this, _connection, token, message, new TimeSpan(_leaseTicks), now);
        if (Credit == 0 || !_buffer.Writer.TryWrite(delivery))
            return null;
        Credit--;
        LastWait = TimeSpan.Zero;
        return delivery;
    }

    /// <summary>Ends the subscription; the consumer sees the exception, if any. Any thread.</summary>
    public void End(GatewayException? exception) => _buffer.Writer.TryComplete(exception);

    /// <summary>Consumer only: takes the next message of the present connection.</summary>
    /// <exception cref="GatewayException">The subscription ended.</exception>
    public async ValueTask<HeldDelivery> TakeAsync(CancellationToken cancellationToken)
    {
        while (await _buffer.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_buffer.Reader.TryRead(out var delivery) && delivery.Connection == _connection)
                return delivery;
        }

        throw CallFailure.Disposed();
    }

    /// <summary>Consumer only: records the time that the application spent on a message.</summary>
    public void Measure(TimeSpan spent) => _pace.Measure(spent);

    /// <summary>
    /// Consumer only: counts a taken message and returns the credit to grant. Credit is granted when half of the buffer is left, so that
    /// not every message costs a RECEIVE.
    /// </summary>
    public int CountTaken(int connection)
    {
        if (connection != _takenConnection)
        {
            _takenConnection = connection;
            _ahead = _opened;
        }

        _ahead--;
        var window = _pace.Window(new TimeSpan(Volatile.Read(ref _leaseTicks)), _most, unknown: _opened);
        if (_ahead > window / 2)
            return 0;
        var due = window - _ahead;
        _ahead = window;
        return due;
    }

    private List<HeldDelivery> Drain()
    {
        var drained = new List<HeldDelivery>();
        while (_buffer.Reader.TryRead(out var delivery))
            drained.Add(delivery);
        return drained;
    }
}
