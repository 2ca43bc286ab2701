using System.Globalization;
using System.Text;

namespace Gateway.Tests.Simulation;

/// <summary>
/// A program with a plain socket that sends numbered frames, some at once, and gets something in return for each. When its connection ends,
/// it connects again and repeats the frames without an answer. It knows nothing of gateways.
/// </summary>
/// <param name="isFar">The answers are those of the far program, and name the frame.</param>
internal sealed class SimulatedSender(int number, SimulatedDoors doors, int frames, bool isFar, Random random)
{
    private const int UnansweredMax = 4;

    /// <summary>Sent and unanswered, on whatever connection.</summary>
    private readonly Queue<int> _unanswered = [];

    /// <summary>To be sent again on this connection.</summary>
    private readonly Queue<int> _again = [];

    /// <summary>Sent on this connection and unanswered.</summary>
    private readonly Queue<int> _here = [];
    private SimulatedProgramSocket? _socket;
    private int _made;

    public int Number => number;

    public bool IsDone => _made == frames && _unanswered.Count == 0;

    /// <summary>How often each frame was sent.</summary>
    public Dictionary<string, int> Sent { get; } = [];

    /// <summary>The frames with an answer.</summary>
    public List<string> Answered { get; } = [];

    public SimulatedProgramSocket? Socket => _socket;

    public static (int Sender, int Frame) Parse(string frame)
    {
        var parts = frame.Split(':');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    public void Step()
    {
        if (_socket is null) Connect();
        else if (_socket.TryRead(out var answer)) OnAnswer(answer);
        else if (_socket.HasEnded) _socket = null;
        else if (_again.TryDequeue(out var again)) Send(again);
        else if (_made < frames && _unanswered.Count < UnansweredMax)
        {
            _unanswered.Enqueue(++_made);
            Send(_made);
        }
    }

    /// <summary>The process is killed, perhaps within a frame, and started again.</summary>
    public void Die()
    {
        if (_socket is null) return;
        var piece = _made < frames && random.Next(2) == 0 ? $"{number}:" : "";
        _socket.EndProgram(isReset: random.Next(2) == 0, Encoding.UTF8.GetBytes(piece));
        _socket = null;
    }

    /// <summary>It has nothing more to send, and closes its connection.</summary>
    public void Close()
    {
        _socket?.EndProgram(isReset: false, default);
        _socket = null;
    }

    private void Connect()
    {
        _socket = doors.TryConnect(number);
        if (_socket is null) return;
        _here.Clear();
        _again.Clear();
        foreach (var frame in _unanswered) _again.Enqueue(frame);
    }

    private void Send(int frame)
    {
        var text = NameOf(frame);
        Sent[text] = Sent.GetValueOrDefault(text) + 1;
        _here.Enqueue(frame);
        _socket!.Send(Encoding.UTF8.GetBytes(text));
    }

    private void OnAnswer(string answer)
    {
        if (!_here.TryDequeue(out var frame))
            throw new SimulationException($"program {number} was told {answer}, and has asked for nothing");
        if (isFar && answer != NameOf(frame))
            throw new SimulationException($"program {number} was told {answer} in answer to {NameOf(frame)}");
        Answered.Add(NameOf(frame));
        if (_unanswered.Dequeue() != frame) throw new SimulationException($"program {number} got its answers out of order");
    }

    private string NameOf(int frame) => $"{number}:{frame}";
}
