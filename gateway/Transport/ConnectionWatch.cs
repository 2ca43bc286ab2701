namespace Gateway.Transport;

/// <summary>
/// Detects a connection that has made the gateway wait too long, or that sends more commands than any heartbeat needs. The reader and the
/// writer of the connection each report their own part; the rounds query the result.
/// </summary>
internal sealed class ConnectionWatch(ConnectionPatience patience, PatientTime time, WireBytes wire)
{
    private const int CommandsPerSecondMax = 1000;

    /// <summary>The time to complete the message or command under way.</summary>
    private readonly ProgressLimit _message = new(patience.Message, time);

    /// <summary>The time within which the peer must read waiting bytes.</summary>
    private readonly ProgressLimit _write = new(patience.Write, time);

    private long _completed;
    private long _arrived;
    private long? _departed;
    private long _heardAt = time.Now;

    /// <summary>The time at which the peer was asked for a sign of life still outstanding; 0 if none is.</summary>
    private long _askedAt;

    /// <summary>The time by which the other side must identify itself; 0 if it need not or has.</summary>
    private long _strangerUntil;

    /// <summary>The time until which the peer's silence is agreed; 0 if it is not.</summary>
    private long _quietUntil;

    private volatile bool _isHeldUp;

    private long _commandsCounted;
    private long _commandsCountedAt = time.Now;

    /// <summary>The peer has been silent and should be asked for a sign of life.</summary>
    public bool IsAskingDue => patience.Heartbeat is { } heartbeat
        && Volatile.Read(ref _askedAt) == 0 && time.Now - Volatile.Read(ref _heardAt) > heartbeat.Ticks
        && time.Now > Volatile.Read(ref _quietUntil);

    /// <summary>The time, from now, within which the other side must identify itself.</summary>
    public TimeSpan Introduction
    {
        init => _strangerUntil = time.Now + value.Ticks;
    }

    public void OnIntroduced() => Volatile.Write(ref _strangerUntil, 0);

    /// <summary>The peer has said that it will be silent for so long: it is asked for no sign of life until then.</summary>
    public void KeepQuiet(TimeSpan silence) => Volatile.Write(ref _quietUntil, time.Now + silence.Ticks);

    /// <param name="bytes">The number of new bytes.</param>
    public void OnHeard(long bytes)
    {
        _message.OnMoved(bytes);
        OnLife();
    }

    /// <summary>A PING is about to be sent: its answer may arrive before the sender continues.</summary>
    public long OnAsking()
    {
        var now = time.Now;
        Volatile.Write(ref _askedAt, now);
        return now;
    }

    /// <summary>The PING has been sent; the time for its answer begins now, unless the answer is already here.</summary>
    public void OnAsked(long asking) => Interlocked.CompareExchange(ref _askedAt, time.Now, asking);

    /// <summary>A piece of the peer's stream was passed on.</summary>
    /// <param name="completed">The whole messages and commands passed on since the beginning.</param>
    public void OnPassed(bool isUnfinished, long completed)
    {
        if (!isUnfinished) _message.End();
        else if (!_message.IsRunning || completed != _completed) _message.Begin();
        _completed = completed;
    }

    /// <summary>The gateway itself stops reading and cannot hear the peer.</summary>
    public long OnHoldUp()
    {
        _isHeldUp = true;
        return time.Now;
    }

    /// <summary>The gateway itself was slow to read: the peer's time stood still.</summary>
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

    /// <summary>Arriving bytes are not always heard: part of a TLS record is not.</summary>
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
