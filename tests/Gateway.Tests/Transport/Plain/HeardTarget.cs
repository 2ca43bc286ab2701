using System.Text;
using Gateway.Tcp;
using Gateway.Tcp.Framing;
using Gateway.Tcp.Outlets;
using Gateway.Transport.Plain;

namespace Gateway.Tests.Transport.Plain;

/// <summary>Remembers what a connection reports, for a test that waits for it; in the place of the loop.</summary>
internal sealed class HeardTarget : HeardLoop, ITarget, IAsyncDisposable
{
    /// <summary>What this system makes possible: where it does not tell what was acknowledged, what it has taken counts.</summary>
    private static readonly Lazy<OutletDelivery> _delivery =
        new(() => AcknowledgementProbe.TellsAcknowledged() == true ? OutletDelivery.Acknowledged : OutletDelivery.Written);

    private readonly TargetDialer _dialer;

    private HeardTarget() => _dialer = new TargetDialer(this, TimeProvider.System);

    public ITargetConnection Connection { get; private set; } = null!;

    public string? Remote { get; private set; }

    public TargetProgram? Program { get; private set; }

    public TargetProgress Progress { get; private set; }

    public string Frames { get; private set; } = "";

    public long FrameBytes { get; private set; }

    public bool IsFinished { get; private set; }

    public string? Evidence { get; private set; }

    /// <summary>How often it was examined.</summary>
    public int Examined { get; private set; }

    public TargetEnd? End { get; private set; }

    public static HeardTarget Dial(int port, FrameFormat? format = null, TimeSpan? timeout = null, OutletDelivery? delivery = null)
    {
        var heard = new HeardTarget();
        heard.Connection = heard._dialer.Dial(
            new OutletSettings("out", "q", "127.0.0.1", port, format ?? new FrameFormat.Delimiter(1024, "\n"u8.ToArray()))
            {
                Delivery = delivery ?? _delivery.Value,
                ConnectTimeout = timeout ?? TimeSpan.FromSeconds(5),
            },
            heard);
        return heard;
    }

    public void Write(string text) => Write(Encoding.UTF8.GetBytes(text));

    public void Write(byte[] bytes) => Do(() => Connection.Write(bytes));

    public void Examine() => Do(() => Connection.Examine());

    /// <inheritdoc cref="HeardLoop.UntilAsync"/>
    public Task UntilAsync(Func<HeardTarget, bool> condition) => UntilAsync(() => condition(this));

    public async ValueTask DisposeAsync() => await _dialer.EndAsync();


    void ITarget.OnConnected(string remote, TargetProgram? program) => (Remote, Program) = (remote, program);

    void ITarget.OnProgress(TargetProgress progress) => Progress = progress;

    void ITarget.OnFrames(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        FrameBytes += frames.Sum(frame => frame.Length);
        foreach (var frame in frames.Where(_ => FrameBytes < 1000)) Frames += Encoding.UTF8.GetString(frame.Span) + "|";
    }

    void ITarget.OnFinished() => IsFinished = true;

    void ITarget.OnExamined(TargetProgram? program, string evidence) => (Evidence, Examined) = (evidence, Examined + 1);

    void ITarget.OnLost(TargetEnd end) => End = end;
}
