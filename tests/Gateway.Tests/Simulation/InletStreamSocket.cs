using Gateway.Links.Protocol;
using Gateway.Tcp.Inlets;

namespace Gateway.Tests.Simulation;

/// <summary>A stream between a program and an inlet.</summary>
internal sealed class InletStreamSocket(SimulatedGateway gateway, int bufferBytes, Random random)
    : StreamSocket(gateway, bufferBytes, random), IProgramConnection
{
    /// <summary>Null while the inlet has not accepted it.</summary>
    public IProgram? Heard { get; set; }

    public void Take(int frames, long bytes) => OnTaken(bytes);

    void IProgramConnection.Finish() => EndOutput();

    protected override bool TryConnect() => Heard is not null;

    protected override void TellPieces(IReadOnlyList<ReadOnlyMemory<byte>> pieces) => Heard!.OnFrames(pieces);

    protected override void TellFinished(bool isStopped) =>
        Heard!.OnInputEnded(new InputEnd(isStopped ? InputEndKind.Stopped : InputEndKind.Finished, default, "simulated"));

    protected override void TellProgress() => Heard!.OnProgress(Given, Acknowledged);

    protected override void TellLost(bool wasReading)
    {
        if (wasReading) Heard!.OnInputEnded(new InputEnd(InputEndKind.Broken, default, "simulated"));
        Heard!.OnLost(LinkCause.ResetByPeer, "simulated");
    }
}
