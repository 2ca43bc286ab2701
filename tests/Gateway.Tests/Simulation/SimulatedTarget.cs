using System.Text;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Outlets;

namespace Gateway.Tests.Simulation;

/// <summary>
/// A program that listens, reads frames in their order and answers each with the same frame, if it answers. When it dies, what it has not
/// read is lost with it.
/// </summary>
/// <param name="window">A frame acknowledged for longer than that may be lost with the program.</param>
internal sealed class SimulatedTarget(SimulatedGateway gateway, bool answers, TimeSpan window, SimulatedClock clock, Random random)
    : ITargetDialer
{
    private readonly List<Connection> _connections = [];
    private readonly HashSet<string> _received = [];

    public bool IsUp { get; private set; } = true;

    /// <summary>The frames it has read, in their order.</summary>
    public List<string> Received { get; } = [];

    public bool HasReceived(string frame) => _received.Contains(frame);

    /// <summary>The frames read on each connection, in their order.</summary>
    public List<List<string>> PerConnection { get; } = [];

    /// <summary>Frames that no promise covers: acknowledged long ago, and not read when the connection ended.</summary>
    public HashSet<string> MayBeLost { get; } = [];

    /// <summary>It reads nothing.</summary>
    public bool IsPaused { get; set; }

    /// <summary>It closes each connection when it has read one frame; its system resets the connection if there is more.</summary>
    public bool IsBrief { get; init; }

    /// <summary>It has read everything that its host holds, also of gateways that are gone.</summary>
    public bool HasReadAll => _connections.TrueForAll(connection => connection.IsOver || connection.IsRead);

    /// <summary>It does not read what this sender sends; 0 if it reads from all.</summary>
    public int DeafTo { get; set; }

    public ITargetConnection Dial(OutletSettings settings, ITarget target)
    {
        var connection = new Connection(this, target);
        _connections.Add(connection);
        PerConnection.Add(connection.Read);
        return connection;
    }

    /// <summary>One thing happens on each connection, if there is one.</summary>
    public void Step()
    {
        foreach (var connection in _connections.ToList()) connection.Step();
        _connections.RemoveAll(connection => connection.IsOver);
    }

    public void Die()
    {
        if (!IsUp) return;
        IsUp = IsPaused = false;
        foreach (var connection in _connections.ToList()) connection.EndProgram();
    }

    public void Start() => IsUp = true;

    public void OnGatewayEnded()
    {
        foreach (var connection in _connections) connection.EndGateway();
    }

    private sealed class Connection(SimulatedTarget program, ITarget target) : ITargetConnection
    {
        private const int UntakenBytesMax = 30;

        /// <summary>What its host takes for a program that does not read.</summary>
        private const int UnreadFramesMax = 8;

        /// <summary>Written, and not yet acknowledged.</summary>
        private readonly Queue<byte[]> _written = [];

        /// <summary>Acknowledged by the host, and not yet read by the program.</summary>
        private readonly Queue<(byte[] Frame, DateTimeOffset At)> _unread = [];
        private readonly Queue<byte[]> _answers = [];
        private long _writtenBytes;
        private long _acknowledgedBytes;
        private int _untakenBytes;
        private bool _isConnected;
        private bool _isFinished;
        private bool _isFinishTold;
        private bool _isClosed;
        private bool _isHungUp;

        public List<string> Read { get; } = [];

        public bool IsOver { get; private set; }

        public bool IsRead => _written.Count + _unread.Count == 0;

        public void Step()
        {
            if (IsOver || (program.GatewayIsFrozen && !_isHungUp)) return;
            if (_isClosed && _written.Count > 0)
            {
                Reset();
                return;
            }

            if (!_isConnected && !_isHungUp)
            {
                Connect();
                return;
            }

            switch (program.Next(3))
            {
                case 0 when _unread.Count < UnreadFramesMax && _written.TryDequeue(out var frame):
                    Acknowledge(frame);
                    break;
                case 1 when !program.IsPaused && _unread.TryPeek(out var unread) && !program.IsDeafTo(unread.Frame):
                    ReadOne(_unread.Dequeue().Frame);
                    break;
                case 2 when !_isHungUp && _untakenBytes < UntakenBytesMax && _answers.TryDequeue(out var answer):
                    _untakenBytes += answer.Length;
                    program.Event(() => target.OnFrames([answer]));
                    break;
                default:
                    EndIfDone();
                    break;
            }
        }

        public void Write(ReadOnlyMemory<byte> bytes)
        {
            _writtenBytes += bytes.Length;
            _written.Enqueue(bytes.ToArray());
        }

        public void Finish() => _isFinished = true;

        public void Take(int bytes) => _untakenBytes -= bytes;

        public void Examine() => program.Event(() =>
        {
            if (!_isHungUp && !IsOver) target.OnExamined(null, "");
        });

        public void HangUp(bool isReset)
        {
            _isHungUp = true;
            NoteUncovered();
            if (!isReset && _isConnected) return;
            _written.Clear();
            _unread.Clear();
            IsOver = true;
        }

        public void EndProgram()
        {
            NoteUncovered();
            IsOver = true;
            if (_isHungUp || !_isConnected)
            {
                if (!_isHungUp) program.Event(() => target.OnLost(new TargetEnd(LinkCause.Refused, "refused", default, null)));
                return;
            }

            program.Event(() => target.OnLost(new TargetEnd(
                LinkCause.ResetByPeer, "reset", new TargetProgress(_writtenBytes, _acknowledgedBytes), null)));
        }

        /// <summary>The program still reads what has reached its host, perhaps after what comes on its next connection.</summary>
        public void EndGateway()
        {
            NoteUncovered();
            _isHungUp = true;
            if (program.Next(2) == 0) _written.Clear();
            if (!_isConnected) IsOver = true;
        }

        private void NoteUncovered()
        {
            foreach (var (frame, at) in _unread.Where(unread => unread.At <= program.Now - program.Window))
                program.MayBeLost.Add(Encoding.UTF8.GetString(frame));
        }

        private void Connect()
        {
            if (program.IsUp)
            {
                _isConnected = true;
                program.Event(() => target.OnConnected("10.0.0.9:700", null));
            }
            else
            {
                IsOver = true;
                program.Event(() => target.OnLost(new TargetEnd(LinkCause.Refused, "refused", default, null)));
            }
        }

        private void Acknowledge(byte[] frame)
        {
            _acknowledgedBytes += frame.Length;
            _unread.Enqueue((frame, program.Now));
            if (!_isHungUp) program.Event(() => target.OnProgress(new TargetProgress(_writtenBytes, _acknowledgedBytes)));
        }

        private void ReadOne(byte[] frame)
        {
            var text = Encoding.UTF8.GetString(frame);
            program.Received.Add(text);
            program._received.Add(text);
            Read.Add(text);
            if (program.Answers) _answers.Enqueue(frame);
            if (program.IsBrief) Close();
        }

        private void Close()
        {
            _isClosed = true;
            if (_unread.Count + _written.Count == 0)
            {
                if (!_isHungUp && !_isFinishTold) program.Event(target.OnFinished);
                _isFinishTold = true;
            }
            else
            {
                Reset();
            }
        }

        private void Reset()
        {
            EndProgram();
            _written.Clear();
            _unread.Clear();
        }

        private void EndIfDone()
        {
            if (_written.Count + _unread.Count > 0) return;
            if (_isHungUp) IsOver = true;
            if (_isHungUp || !_isFinished || _isFinishTold || _answers.Count > 0) return;
            _isFinishTold = true;
            program.Event(target.OnFinished);
        }
    }

    private bool IsDeafTo(byte[] frame) => SimulatedSender.Parse(Encoding.UTF8.GetString(frame)).Sender == DeafTo;

    private bool GatewayIsFrozen => gateway.IsFrozen;

    private DateTimeOffset Now => clock.Now;

    private TimeSpan Window => window;

    private bool Answers => answers;

    private int Next(int max) => random.Next(max);

    private void Event(Action action) => gateway.Event(action);
}
