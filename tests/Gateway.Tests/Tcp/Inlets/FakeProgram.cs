using System.Text;
using Gateway.Links.Protocol;
using Gateway.Tcp.Inlets;

namespace Gateway.Tests.Tcp.Inlets;

/// <summary>A program's connection to an inlet, which does what a test says.</summary>
internal sealed class FakeProgram : IProgramConnection
{
    private long _acknowledged;

    public IProgram Heard { get; set; } = null!;

    public long Arrived { get; set; }

    /// <summary>Frames that were dealt with.</summary>
    public int Taken { get; private set; }

    /// <summary>All that was written to it.</summary>
    public string Got { get; private set; } = "";

    /// <summary>Null while it is open, then <c>fin</c> or <c>reset</c>.</summary>
    public string? HungUp { get; private set; }

    public bool IsFinished { get; private set; }

    public bool IsStopped { get; private set; }

    /// <summary>Nothing is read from it at the moment.</summary>
    public bool IsHeld { get; private set; }

    public void Take(int frames, long bytes) => Taken += frames;

    public void Hold() => IsHeld = true;

    public void LetGo() => IsHeld = false;

    public void StopReading() => IsStopped = true;

    public void Write(ReadOnlyMemory<byte> bytes) => Got += Encoding.UTF8.GetString(bytes.Span);

    public void Finish() => IsFinished = true;

    public void HangUp(bool isReset) => HungUp = isReset ? "reset" : "fin";

    public void Send(params string[] frames) =>
        Heard.OnFrames([.. frames.Select(frame => (ReadOnlyMemory<byte>)Encoding.UTF8.GetBytes(frame + "\n"))]);

    public void End(InputEndKind kind, string piece = "") =>
        Heard.OnInputEnded(new InputEnd(kind, Encoding.UTF8.GetBytes(piece), "so it is"));

    public void Break(string piece = "")
    {
        End(InputEndKind.Broken, piece);
        Lose();
    }

    public void Lose() => Heard.OnLost(LinkCause.ResetByPeer, "reset");

    /// <summary>The system has taken everything; so many bytes are acknowledged too.</summary>
    public void Acknowledge(long bytes)
    {
        _acknowledged = Math.Max(_acknowledged, bytes);
        Heard.OnProgress(Got.Length, _acknowledged);
    }

    public void AcknowledgeAll() => Acknowledge(Got.Length);
}
