using System.Text;
using Gateway.Links.Protocol;
using Gateway.Tcp.Inlets;

namespace Gateway.Tests.Simulation;

/// <summary>The connection of one program to an inlet, with what is on its way in both directions.</summary>
internal sealed class SimulatedProgramSocket(SimulatedGateway gateway, Random random) : IProgramConnection
{
    /// <summary>Frames that the gateway has read and not dealt with.</summary>
    private const int UntakenMax = 3;

    private readonly Queue<byte[]> _toGateway = [];
    private readonly Queue<byte[]> _written = [];
    private readonly Queue<string> _toProgram = [];
    private ReadOnlyMemory<byte> _piece;
    private long _writtenBytes;
    private long _acknowledgedBytes;
    private int _untaken;
    private int _arrivedAtStop = int.MaxValue;
    private bool _isInputEnded;
    private bool _isProgramGone;
    private bool _isReset;
    private bool _isFinished;
    private bool _isHeld;
    private bool _isOver;

    public IProgram? Heard { get; set; }

    public long Arrived { get; private set; }

    /// <summary>The program sees no more of it.</summary>
    public bool HasEnded => (_isOver || (_isFinished && _written.Count == 0)) && _toProgram.Count == 0;

    /// <summary>Nothing happens on it any more.</summary>
    public bool IsOver => _isOver;

    public void Send(byte[] frame)
    {
        if (_isOver) return;
        _toGateway.Enqueue(frame);
        Arrived += frame.Length;
    }

    public bool TryRead(out string answer) => _toProgram.TryDequeue(out answer!);

    /// <summary>The program's process is gone, or has closed the connection.</summary>
    public void EndProgram(bool isReset, ReadOnlyMemory<byte> piece)
    {
        (_isProgramGone, _isReset, _piece) = (true, isReset, piece);
        _toProgram.Clear();
        if (isReset && random.Next(2) == 0) _toGateway.Clear();
    }

    /// <summary>The gateway's process is gone.</summary>
    public void EndGateway()
    {
        _isOver = true;
        _toGateway.Clear();
        while (_written.TryDequeue(out var bytes) && random.Next(2) == 0) _toProgram.Enqueue(Encoding.UTF8.GetString(bytes));
        _written.Clear();
    }

    /// <summary>One thing happens, if there is one.</summary>
    public void Step()
    {
        if (_isOver || Heard is null || gateway.IsFrozen) return;
        if (random.Next(2) == 0 && _written.Count > 0) PassToProgram();
        else if (_isHeld && _arrivedAtStop == int.MaxValue) return;
        else if (_toGateway.Count > 0 && _untaken < UntakenMax && _arrivedAtStop > 0 && !_isInputEnded) PassToGateway();
        else if (!_isInputEnded && (_arrivedAtStop == 0 || (_toGateway.Count == 0 && (_isProgramGone || _arrivedAtStop < int.MaxValue))))
            EndInput();
        else if (_isInputEnded && _isProgramGone && _isReset) Lose();
    }

    public void Take(int frames, long bytes) => _untaken -= frames;

    public void Hold() => _isHeld = true;

    public void LetGo() => _isHeld = false;

    public void StopReading() => _arrivedAtStop = Math.Min(_arrivedAtStop, _toGateway.Count);

    public void Write(ReadOnlyMemory<byte> bytes)
    {
        _writtenBytes += bytes.Length;
        _written.Enqueue(bytes.ToArray());
    }

    public void Finish() => _isFinished = true;

    public void HangUp(bool isReset)
    {
        _isOver = true;
        _toGateway.Clear();
        if (!isReset)
        {
            foreach (var bytes in _written) _toProgram.Enqueue(Encoding.UTF8.GetString(bytes));
        }

        _written.Clear();
    }

    private void PassToGateway()
    {
        var frames = new List<ReadOnlyMemory<byte>>();
        while (frames.Count < 1 + random.Next(UntakenMax - _untaken) && _arrivedAtStop > 0 && _toGateway.TryDequeue(out var frame))
        {
            frames.Add(frame);
            if (_arrivedAtStop < int.MaxValue) _arrivedAtStop--;
        }

        _untaken += frames.Count;
        gateway.Event(() => Heard!.OnFrames(frames));
    }

    /// <summary>Its host acknowledges what the program may read now.</summary>
    private void PassToProgram()
    {
        var bytes = _written.Dequeue();
        _acknowledgedBytes += bytes.Length;
        if (_isProgramGone && _isReset) return;
        if (!_isProgramGone) _toProgram.Enqueue(Encoding.UTF8.GetString(bytes));
        gateway.Event(() => Heard!.OnProgress(_writtenBytes, _acknowledgedBytes));
    }

    private void EndInput()
    {
        _isInputEnded = true;
        var kind = !_isProgramGone ? InputEndKind.Stopped : _isReset ? InputEndKind.Broken : InputEndKind.Finished;
        gateway.Event(() => Heard!.OnInputEnded(new InputEnd(kind, _piece, "simulated")));
    }

    private void Lose()
    {
        _isOver = true;
        gateway.Event(() => Heard!.OnLost(LinkCause.ResetByPeer, "simulated"));
    }
}
