using System.Threading.Channels;
using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>
/// One running ReceiveAsync. The session writes into the buffer and owns the credit; the consumer reads and counts what it took. The buffer
/// never holds more than the credit that was given, which is at most the prefetch.
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

    /// <summary>Session only: its name on the wire, a new one after a refusal.</summary>
    public RequestId Id { get; private set; }

    public string Queue { get; }

    public int Prefetch { get; }

    public TimeSpan? Lease { get; }

    /// <summary>For how long the client renews what it holds; zero for not at all.</summary>
    public TimeSpan LeaseRenewalMax { get; }

    /// <summary>The consumer writes when it took a message; the session reads it.</summary>
    public TimeSpan LastTakenAt
    {
        get => new(Volatile.Read(ref _lastTakenTicks));
        set => Volatile.Write(ref _lastTakenTicks, value.Ticks);
    }

    /// <summary>Session only: how many more messages the gateway may send.</summary>
    public int Credit { get; private set; }

    /// <summary>Session only: when to open it again after a transient refusal.</summary>
    public TimeSpan? RetryAt { get; private set; }

    /// <summary>Session only: how often the gateway refused it in a row.</summary>
    public int Refusals { get; private set; }

    /// <summary>
    /// Session only: begins anew on a connection, with an empty buffer and full credit; with a single message where leases are not renewed,
    /// until it is known how long one takes.
    /// </summary>
    /// <param name="connection">Where.</param>
    /// <param name="creditMax">What the gateway allows.</param>
    /// <param name="leaseDefault">What it gives if this asks for no lease of its own.</param>
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
    /// Session only: the gateway refused a RECEIVE for now. Which of several, and so how much credit stands, cannot be told; therefore it
    /// begins anew at that time, under an id for which nothing is on its way.
    /// </summary>
    public List<HeldDelivery> Postpone(RequestId id, TimeSpan retryAt)
    {
        var buffered = Lose();
        Id = id;
        RetryAt = retryAt;
        Refusals++;
        return buffered;
    }

    /// <summary>Session only: the connection is gone, and with it all that was not handed out, which it gives back.</summary>
    public List<HeldDelivery> Lose()
    {
        _connection = 0;
        Credit = 0;
        RetryAt = null;
        return Drain();
    }

    /// <summary>Session only. Null when the connection has changed since, so that the credit was given anew.</summary>
    public Request.Receive? Grant(int connection, int count)
    {
        if (connection != _connection)
            return null;
        Credit += count;
        return new Request.Receive(Id, Queue, count, Lease);
    }

    /// <summary>Session only. Null when the gateway sends more than it was given credit for.</summary>
    public HeldDelivery? Buffer(DeliveryToken token, DeliveredMessage message, TimeSpan now)
    {
        var delivery = new HeldDelivery(this, _connection, token, message, new TimeSpan(_leaseTicks), now);
        if (Credit == 0 || !_buffer.Writer.TryWrite(delivery))
            return null;
        Credit--;
        Refusals = 0;
        return delivery;
    }

    /// <summary>Nothing more will come; with an exception, which the consumer then sees. Any thread.</summary>
    public void End(GatewayException? exception) => _buffer.Writer.TryComplete(exception);

    /// <summary>Consumer only: the next message of the present connection.</summary>
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

    /// <summary>Consumer only: the application came back for the next message after so long.</summary>
    public void Measure(TimeSpan spent) => _pace.Measure(spent);

    /// <summary>
    /// Consumer only: counts a message as taken. Gives the credit that is due: when half of what may wait is left, so that not each message
    /// costs a RECEIVE.
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
