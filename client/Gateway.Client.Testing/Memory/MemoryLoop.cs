using Gateway.Client.Session;
using Gateway.Client.Transport;
using Gateway.Client.Wire;

namespace Gateway.Client.Testing.Memory;

/// <summary>
/// Drives the session of one client over connections in memory, in place of the loop over a socket. It runs on the threads of its callers,
/// one at a time: all but <see cref="Post"/> and what is marked is called under the lock of the world.
/// </summary>
internal sealed class MemoryLoop(
    MemoryWorld world, ClientSession session, IReadOnlyList<AdmissionGate> gates, IPeerNews peerNews) : IClientLoop, IMemoryClient
{
    private readonly Queue<Reply> _arrived = new();
    private readonly NewsQueue _news = new(peerNews);
    private MemoryConnection? _connection;
    private int _number;
    private bool _isBroken;

    /// <inheritdoc/>
    public int HeadersBytesMax => session.HeadersBytesMax;

    /// <inheritdoc/>
    public TimeSpan Now => world.Now;

    /// <summary>The client is closed, and has nothing more to send.</summary>
    public bool IsOver => session.Phase == SessionPhase.Closed && session.Outbox.Count == 0;

    /// <inheritdoc/>
    public void Post(SessionEvent happened) => world.Do(now => session.Handle(happened, now));

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Post(new SessionEvent.Closed());
        return default;
    }

    /// <summary>Tells the application what has been heard of peers. Any thread, without the lock.</summary>
    public void Tell() => _news.Tell();

    /// <inheritdoc/>
    public void OnReply(MemoryConnection connection, Reply reply)
    {
        if (connection == _connection)
            _arrived.Enqueue(reply);
    }

    /// <inheritdoc/>
    public void OnBroken(MemoryConnection connection) => _isBroken |= connection == _connection;

    /// <summary>Whatever connection there is has ended.</summary>
    public void Break() => _isBroken |= _connection is not null;

    public void Close(TimeSpan now) => session.Handle(new SessionEvent.Closed(), now);

    public void Tick(TimeSpan now)
    {
        session.Handle(new SessionEvent.Ticked(), now);
        foreach (var gate in gates)
            gate.Expire(now, CallFailure.NotSent(session.Phase == SessionPhase.Live, session.Refusal));
    }

    /// <summary>Does the next thing that the session wants or that has arrived for it; false if there is nothing.</summary>
    public bool Step(TimeSpan now)
    {
        if (session.Connection != _number)
            Connect(now);
        else if (_arrived.Count > 0)
            session.Handle(new SessionEvent.Received(_arrived.Dequeue()), now);
        else if (_isBroken)
            EndConnection("the connection was closed or reset", now);
        else if (session.Outbox.Count > 0)
            Send(session.Outbox.Dequeue());
        else if (session.PeerNews.Count > 0)
            _news.Add(session.PeerNews.Dequeue());
        else
            return false;
        return true;
    }

    /// <summary>The client is over: nobody waits any more.</summary>
    public void End()
    {
        if (_connection is not null)
            world.Leave(_connection);
        foreach (var gate in gates)
            gate.Close(CallFailure.Disposed());
    }

    private void Connect(TimeSpan now)
    {
        if (_connection is not null)
            world.Leave(_connection);
        _arrived.Clear();
        _isBroken = false;
        _number = session.Connection;
        _connection = _number == 0 ? null : world.TryOpen(this);
        if (_number != 0 && _connection is null)
            EndConnection("the connection was refused", now);
    }

    private void EndConnection(string reason, TimeSpan now)
    {
        _isBroken = false;
        session.Handle(new SessionEvent.ConnectionEnded(reason), now);
    }

    private void Send(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        // Copied, as by a socket: the application may reuse its buffer when the call is answered.
        if (!RequestCodec.TryDecode([.. frames.Select(frame => frame.ToArray())], out var request, out var fault))
            throw new InvalidOperationException($"The client wrote a request that cannot be read: {fault.Text}");
        if (_connection is not null)
            world.Send(_connection, request);
    }
}
