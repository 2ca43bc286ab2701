namespace Gateway.Tests.Simulation;

/// <summary>
/// One connection between a program and a gateway, in bytes: what is on its way, what the hosts hold, and how either side ends it, as TCP
/// does that. The program calls its part, the gateway the part of the class below.
/// </summary>
/// <param name="bufferBytes">About so much is held unread for the program, and by the gateway until it has dealt with it.</param>
internal abstract class StreamSocket(SimulatedGateway gateway, int bufferBytes, Random random)
{
    private readonly List<byte> _toGateway = [];

    /// <summary>Given by the gateway, and not yet acknowledged by the program's host.</summary>
    private readonly List<byte> _written = [];

    /// <summary>Acknowledged, and not yet read by the program.</summary>
    private readonly List<byte> _unread = [];
    private long _given;
    private long _untaken;
    private int _arrivedAtStop = int.MaxValue;
    private bool _isProgressDue;
    private bool _isInputEnded;
    private bool _isHeld;
    private bool _hasProgramFinished;
    private bool _hasProgramClosed;
    private bool _isReset;
    private bool _hasGatewayFinished;
    private StreamEnd _end;

    /// <summary>Nothing happens on it any more, but that the program reads what its host holds.</summary>
    public bool IsOver { get; private set; }

    /// <summary>The gateway that holds it was killed or stopped, and it was not over.</summary>
    public bool WasCut { get; private set; }

    /// <summary>The same, and the gateway had no time to end it.</summary>
    public bool WasKilled { get; private set; }

    /// <summary>The bytes that the gateway has read.</summary>
    public long Arrived { get; private set; }

    /// <summary>The bytes that the program's host has acknowledged.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>What the program sees once it has read everything.</summary>
    public StreamEnd End => _unread.Count == 0 ? _end : StreamEnd.None;

    /// <summary>The program writes; false if the connection is broken.</summary>
    public bool TrySend(byte[] bytes)
    {
        if (IsOver || _isReset) return false;
        _toGateway.AddRange(bytes);
        return true;
    }

    public byte[] Read(int max) => Take(_unread, Math.Min(max, _unread.Count));

    /// <summary>The program ends its direction.</summary>
    public void Finish() => _hasProgramFinished = true;

    /// <summary>
    /// The program closes the connection, or has died; false if that resets it, since something was unread, or it is broken already.
    /// </summary>
    public bool Close()
    {
        _hasProgramClosed = true;
        if (_unread.Count == 0 && !IsOver && !_isReset)
        {
            _hasProgramFinished = true;
            return true;
        }

        Abort();
        return false;
    }

    /// <summary>The program resets the connection; what is on its way may be lost.</summary>
    public void Abort()
    {
        _hasProgramClosed = _isReset = true;
        _unread.Clear();
        if (random.Next(2) == 0) _toGateway.Clear();
    }

    /// <summary>The gateway's process is gone.</summary>
    public void EndGateway()
    {
        if (IsOver) return;
        IsOver = WasCut = WasKilled = true;
        Acknowledge(random.Next(_written.Count + 1));
        _end = _toGateway.Count > 0 || random.Next(2) == 0 ? StreamEnd.Reset : StreamEnd.Finished;
    }

    /// <summary>One thing happens, if there is one.</summary>
    public void Step()
    {
        if (IsOver || gateway.IsFrozen || !TryConnect()) return;
        if (_isReset && random.Next(3) == 0)
        {
            IsOver = true;
            gateway.Event(() => TellLost(!_isInputEnded));
            return;
        }

        switch (random.Next(3))
        {
            case 0:
                PassToProgram();
                break;
            case 1:
                PassToGateway();
                break;
            case 2 when _isProgressDue:
                _isProgressDue = false;
                gateway.Event(TellProgress);
                break;
        }
    }

    public void Write(ReadOnlyMemory<byte> bytes)
    {
        if (_hasGatewayFinished) throw new SimulationException("the gateway writes to a connection after its end");
        _given += bytes.Length;
        _written.AddRange(bytes.Span);
        _isProgressDue = true;
    }

    /// <summary>The gateway ends its direction.</summary>
    public void EndOutput() => _hasGatewayFinished = true;

    /// <summary>The gateway reads nothing.</summary>
    public void Hold() => _isHeld = true;

    public void LetGo() => _isHeld = false;

    public void StopReading() => _arrivedAtStop = Math.Min(_arrivedAtStop, _toGateway.Count);

    public void HangUp(bool isReset)
    {
        if (IsOver) return;
        IsOver = true;
        WasCut = gateway.IsStopping;
        if (isReset)
        {
            _end = StreamEnd.Reset;
            if (random.Next(2) == 0) _unread.Clear();
            return;
        }

        Acknowledge(_written.Count);
        _end = StreamEnd.Finished;
    }

    /// <summary>Bytes that the gateway has given to its TCP.</summary>
    protected long Given => _given;

    /// <summary>False while it is not connected, which may be what happens now.</summary>
    protected abstract bool TryConnect();

    protected abstract void TellPieces(IReadOnlyList<ReadOnlyMemory<byte>> pieces);

    /// <param name="isStopped">The gateway itself has stopped reading.</param>
    protected abstract void TellFinished(bool isStopped);

    protected abstract void TellProgress();

    /// <param name="wasReading">More might have come.</param>
    protected abstract void TellLost(bool wasReading);

    /// <summary>It was not made, or the gateway has given it up before.</summary>
    protected void BeOver() => IsOver = true;

    protected void OnTaken(long bytes) => _untaken -= bytes;

    private void PassToProgram()
    {
        if (_isReset) return;
        if (_hasProgramClosed)
        {
            // Nobody reads there any more: its host answers with a reset.
            if (_written.Count > 0) Abort();
        }
        else if (_written.Count > 0)
        {
            var room = Math.Min(_written.Count, bufferBytes - _unread.Count);
            if (room <= 0) return;
            Acknowledge(1 + random.Next(room));
            gateway.Event(TellProgress);
        }
        else if (_hasGatewayFinished && _end == StreamEnd.None)
        {
            _end = StreamEnd.Finished;
        }
    }

    private void Acknowledge(int bytes)
    {
        Acknowledged += bytes;
        var passed = Take(_written, bytes);
        if (!_hasProgramClosed) _unread.AddRange(passed);
    }

    private void PassToGateway()
    {
        var isStopped = _arrivedAtStop < int.MaxValue;
        if (_isInputEnded || (_isHeld && !isStopped)) return;
        if (isStopped ? _arrivedAtStop > 0 && _toGateway.Count > 0 : _toGateway.Count > 0 && _untaken < bufferBytes)
        {
            PassPieces();
        }
        else if (isStopped || (_toGateway.Count == 0 && _hasProgramFinished && !_isReset))
        {
            _isInputEnded = true;
            gateway.Event(() => TellFinished(isStopped));
        }
    }

    private void PassPieces()
    {
        var left = 1 + random.Next(Math.Min(_toGateway.Count, _arrivedAtStop));
        if (_arrivedAtStop < int.MaxValue) _arrivedAtStop -= left;
        Arrived += left;
        _untaken += left;
        var pieces = new List<ReadOnlyMemory<byte>>();
        while (left > 0)
        {
            var piece = Take(_toGateway, Math.Min(left, Gateway.Tcp.Framing.FrameFormat.Stream.PieceBytes));
            left -= piece.Length;
            pieces.Add(piece);
        }

        gateway.Event(() => TellPieces(pieces));
    }

    private static byte[] Take(List<byte> bytes, int count)
    {
        var taken = bytes.GetRange(0, count).ToArray();
        bytes.RemoveRange(0, count);
        return taken;
    }
}
