using System.Threading.Channels;
using Gateway.Client.Wire;

namespace Gateway.Client.Session;

/// <summary>A delivery and the connection on which alone its token is valid.</summary>
internal readonly record struct BufferedDelivery(int Connection, DeliveryToken Token, DeliveredMessage Message);

/// <summary>
/// One running ReceiveAsync. The session writes into the buffer and owns the credit; the consumer reads and counts what it took. The buffer
/// never holds more than the credit that was given, which is at most the prefetch.
/// </summary>
internal sealed class Subscription
{
    private readonly Channel<BufferedDelivery> _buffer;
    private volatile int _connection;
    private volatile int _window;
    private int _takenConnection;
    private int _taken;

    public Subscription(RequestId id, string queue, int prefetch, TimeSpan? lease)
    {
        Id = id;
        Queue = queue;
        Prefetch = prefetch;
        Lease = lease;
        _window = prefetch;
        _buffer = Channel.CreateBounded<BufferedDelivery>(new BoundedChannelOptions(prefetch) { SingleWriter = true });
    }

    /// <summary>Session only: its name on the wire, a new one after a refusal.</summary>
    public RequestId Id { get; private set; }

    public string Queue { get; }

    public int Prefetch { get; }

    public TimeSpan? Lease { get; }

    /// <summary>Session only: how many more messages the gateway may send.</summary>
    public int Credit { get; private set; }

    /// <summary>Session only: when to open it again after a transient refusal.</summary>
    public TimeSpan? RetryAt { get; private set; }

    /// <summary>Session only: how often the gateway refused it in a row.</summary>
    public int Refusals { get; private set; }

    /// <summary>Session only: begins anew on a connection, with an empty buffer and full credit.</summary>
    public Request.Receive Open(int connection, int creditMax)
    {
        Drain();
        RetryAt = null;
        _window = Math.Min(Prefetch, creditMax);
        Credit = _window;
        _connection = connection;
        return new Request.Receive(Id, Queue, Credit, Lease);
    }

    /// <summary>
    /// Session only: the gateway refused a RECEIVE for now. Which of several, and so how much credit stands, cannot be told; therefore it begins anew
    /// at that time, under an id for which nothing is on its way.
    /// </summary>
    public List<BufferedDelivery> Postpone(RequestId id, TimeSpan retryAt)
    {
        var buffered = Lose();
        Id = id;
        RetryAt = retryAt;
        Refusals++;
        return buffered;
    }

    /// <summary>Session only: the connection is gone, and with it all that was not handed out, which it gives back.</summary>
    public List<BufferedDelivery> Lose()
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

    /// <summary>Session only. False when the gateway sends more than it was given credit for.</summary>
    public bool TryBuffer(DeliveryToken token, DeliveredMessage message)
    {
        if (Credit == 0 || !_buffer.Writer.TryWrite(new BufferedDelivery(_connection, token, message)))
            return false;
        Credit--;
        Refusals = 0;
        return true;
    }

    /// <summary>Nothing more will come; with an exception, which the consumer then sees. Any thread.</summary>
    public void End(GatewayException? exception) => _buffer.Writer.TryComplete(exception);

    /// <summary>Consumer only: the next message of the present connection.</summary>
    /// <exception cref="GatewayException">The subscription ended.</exception>
    public async ValueTask<BufferedDelivery> TakeAsync(CancellationToken cancellationToken)
    {
        while (await _buffer.Reader.WaitToReadAsync(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_buffer.Reader.TryRead(out var delivery) && delivery.Connection == _connection)
                return delivery;
        }

        throw CallFailure.Disposed();
    }

    /// <summary>Consumer only: counts a message as taken. Gives the credit that is due: in halves of the window, so that not each message costs a RECEIVE.</summary>
    public int CountTaken(int connection)
    {
        if (connection != _takenConnection)
        {
            _takenConnection = connection;
            _taken = 0;
        }

        _taken++;
        if (_taken < Math.Max(1, _window / 2))
            return 0;
        var due = _taken;
        _taken = 0;
        return due;
    }

    private List<BufferedDelivery> Drain()
    {
        var drained = new List<BufferedDelivery>();
        while (_buffer.Reader.TryRead(out var delivery))
            drained.Add(delivery);
        return drained;
    }
}
