namespace Gateway.Transport;

/// <summary>
/// Tells when a connection has made the gateway wait for too long, or sends more commands than any heartbeat needs. The two carrying tasks of a splice note what
/// they do, each its own part; a third asks now and then.
/// </summary>
internal sealed class SpliceWatch(SplicePatience patience, TimeProvider time)
{
    private const int CommandsPerSecondMax = 1000;

    private static readonly TimeSpan _second = TimeSpan.FromSeconds(1);

    /// <summary>Since when the rest of a message or command is awaited; 0 between them.</summary>
    private long _unfinishedSince;
    private long _unfinishedBytes;
    private long _completed;

    /// <summary>Since when the peer takes nothing of what waits for it; 0 while nothing waits.</summary>
    private long _writingSince;

    private long _heardAt = time.GetTimestamp();

    /// <summary>When the peer was asked for a sign of life that has not come yet; 0 when none is awaited.</summary>
    private long _askedAt;

    private volatile bool _isHeldUp;

    private long _commandsCounted;
    private long _commandsCountedAt = time.GetTimestamp();

    /// <summary>The peer has been silent, and is to be asked.</summary>
    public bool IsAskingDue => patience.Heartbeat is { } heartbeat && Volatile.Read(ref _askedAt) == 0 && time.GetElapsedTime(Volatile.Read(ref _heardAt)) > heartbeat;

    public void OnHeard()
    {
        Volatile.Write(ref _heardAt, time.GetTimestamp());
        Volatile.Write(ref _askedAt, 0);
    }

    /// <summary>The question is about to leave: the answer may be here before whoever sends it goes on.</summary>
    public long OnAsking()
    {
        var now = time.GetTimestamp();
        Volatile.Write(ref _askedAt, now);
        return now;
    }

    /// <summary>It has left; the time for the answer begins now, unless it is here.</summary>
    public void OnAsked(long asking) => Interlocked.CompareExchange(ref _askedAt, time.GetTimestamp(), asking);

    /// <summary>A piece of the peer's stream has been passed on.</summary>
    /// <param name="completed">Messages and commands passed whole since the beginning.</param>
    /// <param name="messageBytes">The size, as far as it is known, of the message under way.</param>
    public void OnPassed(bool isUnfinished, long completed, long messageBytes)
    {
        if (!isUnfinished) Volatile.Write(ref _unfinishedSince, 0);
        else if (_unfinishedSince == 0 || completed != _completed) Volatile.Write(ref _unfinishedSince, time.GetTimestamp());
        _completed = completed;
        Volatile.Write(ref _unfinishedBytes, messageBytes);
    }

    /// <summary>The gateway itself does not take what the peer has sent, and cannot hear it.</summary>
    public void OnHoldUp() => _isHeldUp = true;

    /// <summary>The gateway itself was slow to take what the peer had sent: the peer's time stood still.</summary>
    public void OnHeldUp(long since)
    {
        _isHeldUp = false;
        OnHeard();
        if (_unfinishedSince != 0) Volatile.Write(ref _unfinishedSince, _unfinishedSince + (time.GetTimestamp() - since));
    }

    public bool IsFlood(long commands)
    {
        if (commands - _commandsCounted <= CommandsPerSecondMax && time.GetElapsedTime(_commandsCountedAt) < _second) return false;
        var isFlood = commands - _commandsCounted > CommandsPerSecondMax;
        _commandsCounted = commands;
        _commandsCountedAt = time.GetTimestamp();
        return isFlood;
    }

    public void OnWriteBegun() => Volatile.Write(ref _writingSince, time.GetTimestamp());

    public void OnWriteEnded() => Volatile.Write(ref _writingSince, 0);

    public ConnectionFault Look()
    {
        var unfinished = Volatile.Read(ref _unfinishedSince);
        if (unfinished != 0 && time.GetElapsedTime(unfinished) > patience.OfMessage(Volatile.Read(ref _unfinishedBytes))) return ConnectionFault.Trickle;
        var writing = Volatile.Read(ref _writingSince);
        if (writing != 0) return time.GetElapsedTime(writing) > patience.Write ? ConnectionFault.SlowReader : ConnectionFault.None;
        var asked = Volatile.Read(ref _askedAt);
        return asked != 0 && !_isHeldUp && time.GetElapsedTime(asked) > patience.Silence ? ConnectionFault.Silent : ConnectionFault.None;
    }
}
