using System.Text;
using Gateway.Links.Protocol;
using Gateway.Tcp;
using Gateway.Tcp.Outlets;

namespace Gateway.Tests.Tcp.Outlets;

/// <summary>Targets whose connections do what a test says.</summary>
internal sealed class FakeTargets : ITargetDialer
{
    public List<FakeTarget> Dialed { get; } = [];

    public FakeTarget Last => Dialed[^1];

    public ITargetConnection Dial(OutletSettings settings, ITarget target)
    {
        var connection = new FakeTarget(target);
        Dialed.Add(connection);
        return connection;
    }
}

/// <summary>One connection, or the attempt to make it.</summary>
internal sealed class FakeTarget(ITarget target) : ITargetConnection
{
    private readonly StringBuilder _written = new();
    private long _bytes;
    private long _acknowledged;

    /// <summary>All that was written, as text.</summary>
    public string Written => _written.ToString();

    public bool IsFinished { get; private set; }

    public bool IsExamined { get; private set; }

    /// <summary>Null while it is not hung up; then whether by a reset.</summary>
    public bool? IsReset { get; private set; }

    public int Taken { get; private set; }

    public void Connect(TargetProgram? program = null) => target.OnConnected("10.0.0.9:700", program);

    public void Fail(LinkCause cause) => target.OnLost(new TargetEnd(cause, $"it is {cause}", default, null));

    /// <summary>The target's host acknowledges what was written, or so many bytes of it.</summary>
    public void Acknowledge(long? bytes = null)
    {
        _acknowledged = bytes ?? _bytes;
        target.OnProgress(new TargetProgress(_bytes, _acknowledged));
    }

    /// <summary>This host's TCP takes what was written, and no more is known.</summary>
    public void TakeWritten() => target.OnProgress(new TargetProgress(_bytes, _acknowledged));

    public void Send(params string[] frames) =>
        target.OnFrames([.. frames.Select(frame => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(frame))]);

    public void Close() => target.OnFinished();

    /// <param name="acknowledged">The final figure; null if it is as before.</param>
    public void Reset(long? acknowledged = null) => target.OnLost(
        new TargetEnd(LinkCause.ResetByPeer, "it was reset", new TargetProgress(_bytes, acknowledged ?? _acknowledged), null));

    public void Answer(string evidence) => target.OnExamined(null, evidence);

    public void Write(ReadOnlyMemory<byte> bytes)
    {
        _written.Append(Encoding.UTF8.GetString(bytes.Span));
        _bytes += bytes.Length;
    }

    public void Finish() => IsFinished = true;

    public void Take(int bytes) => Taken += bytes;

    public void Examine() => IsExamined = true;

    public void HangUp(bool isReset) => IsReset = isReset;
}
