namespace Gateway.Transport;

/// <summary>
/// Tells when a connection has made the gateway wait for too long, or sends more commands than any heartbeat needs. Those who read from it
/// and write to it note what they do, each its own part; in rounds somebody asks.
/// </summary>
internal sealed class ConnectionWatch(ConnectionPatience patience, PatientTime time, WireBytes wire)
{
    private const int CommandsPerSecondMax = 1000;

    /// <summary>For the rest of the message or command that was begun.</summary>
    private readonly ProgressLimit _message = new(patience.Message, time);

    /// <summary>For the peer to take what waits for it.</summary>
    private readonly ProgressLimit _write = new(patience.Write, time);

    private long _completed;
    private long _arrived;
    private long? _departed;
    private long _heardAt = time.Now;

    /// <summary>When the peer was asked for a sign of life that has not come yet; 0 when none is awaited.</summary>
    private long _askedAt;

    /// <summary>Until then the other side has to say who it is; 0 when it need not, or has.</summary>
    private long _strangerUntil;

    private volatile bool _isHeldUp;

    private long _commandsCounted;
    private long _commandsCountedAt = time.Now;

    /// <summary>The peer has been silent, and is to be asked.</summary>
    public bool IsAskingDue => patience.Heartbeat is { } heartbeat
        && Volatile.Read(ref _askedAt) == 0 && time.Now - Volatile.Read(ref _heardAt) > heartbeat.Ticks;

    /// <summary>Within so long from now the other side has to say who it is.</summary>
    public TimeSpan Introduction
    {
        init => _strangerUntil = time.Now + value.Ticks;
    }

    public void OnIntroduced() => Volatile.Write(ref _strangerUntil, 0);

    /// <param name="bytes">That are new.</param>
    public void OnHeard(long bytes)
    {
        _message.OnMoved(bytes);
        OnLife();
    }

    /// <summary>The question is about to leave: the answer may be here before whoever sends it goes on.</summary>
    public long OnAsking()
    {
        var now = time.Now;
        Volatile.Write(ref _askedAt, now);
        return now;
    }

    /// <summary>It has left; the time for the answer begins now, unless it is here.</summary>
    public void OnAsked(long asking) => Interlocked.CompareExchange(ref _askedAt, time.Now, asking);

    /// <summary>A piece of the peer's stream has been passed on.</summary>
    /// <param name="completed">Messages and commands passed whole since the beginning.</param>
    public void OnPassed(bool isUnfinished, long completed)
    {
        if (!isUnfinished) _message.End();
        else if (!_message.IsRunning || completed != _completed) _message.Begin();
        _completed = completed;
    }

    /// <summary>The gateway itself does not take what the peer has sent, and cannot hear it.</summary>
    public long OnHoldUp()
    {
        _isHeldUp = true;
        return time.Now;
    }

    /// <summary>The gateway itself was slow to take what the peer had sent: the peer's time stood still.</summary>
    public void OnHeldUp(long since)
    {
        _isHeldUp = false;
        OnLife();
        _message.PutOff(time.Now - since);
    }

    public bool IsFlood(long commands)
    {
        if (commands - _commandsCounted <= CommandsPerSecondMax && time.Now - _commandsCountedAt < TimeSpan.TicksPerSecond) return false;
        var isFlood = commands - _commandsCounted > CommandsPerSecondMax;
        _commandsCounted = commands;
        _commandsCountedAt = time.Now;
        return isFlood;
    }

    public void OnWriteBegun() => _write.Begin();

    public void OnWriteEnded() => _write.End();

    public ConnectionFault Look()
    {
        if (Volatile.Read(ref _strangerUntil) is var until and not 0 && time.Now > until) return ConnectionFault.NoHello;
        if (_message.IsOver) return ConnectionFault.Trickle;
        if (_write.IsRunning)
        {
            NoteDeparted();
            return _write.IsOver ? ConnectionFault.SlowReader : ConnectionFault.None;
        }

        NoteArrived();
        var asked = Volatile.Read(ref _askedAt);
        return asked != 0 && !_isHeldUp && time.Now - asked > patience.Silence.Ticks ? ConnectionFault.Silent : ConnectionFault.None;
    }

    /// <summary>Not all that arrives is heard: the part of a TLS record is not.</summary>
    private void NoteArrived()
    {
        if (wire.Arrived is var arrived && arrived != _arrived) OnLife();
        _arrived = arrived;
    }

    private void NoteDeparted()
    {
        if (wire.Departed is not { } departed) return;
        if (_departed is { } before) _write.OnMoved(departed - before);
        _departed = departed;
    }

    private void OnLife()
    {
        Volatile.Write(ref _heardAt, time.Now);
        Volatile.Write(ref _askedAt, 0);
    }
}
