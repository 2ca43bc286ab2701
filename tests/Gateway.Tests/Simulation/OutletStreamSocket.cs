using Gateway.Links.Protocol;
using Gateway.Tcp.Outlets;

namespace Gateway.Tests.Simulation;

/// <summary>A stream that an outlet makes to a target, or the attempt to make it.</summary>
/// <param name="accept">The target's program takes it, if it listens; called as the connection is made.</param>
internal sealed class OutletStreamSocket(
    SimulatedGateway gateway, ITarget target, int bufferBytes, Random random, Func<OutletStreamSocket, string?> accept)
    : StreamSocket(gateway, bufferBytes, random), ITargetConnection
{
    private readonly SimulatedGateway _gateway = gateway;
    private bool _isConnected;

    /// <summary>Called once the outlet has heard that the connection stands.</summary>
    public Action? OnConnected { get; set; }

    public void Take(int bytes) => OnTaken(bytes);

    public void Examine() => _gateway.Event(() =>
    {
        if (!IsOver) target.OnExamined(null, "");
    });

    void ITargetConnection.Finish() => EndOutput();

    protected override bool TryConnect()
    {
        if (_isConnected) return true;
        if (accept(this) is { } remote)
        {
            _isConnected = true;
            _gateway.Event(() => target.OnConnected(remote, null));
            OnConnected?.Invoke();
        }
        else
        {
            BeOver();
            _gateway.Event(() => target.OnLost(new TargetEnd(LinkCause.Refused, "refused", default, null)));
        }

        return false;
    }

    protected override void TellPieces(IReadOnlyList<ReadOnlyMemory<byte>> pieces) => target.OnFrames(pieces);

    protected override void TellFinished(bool isStopped) => target.OnFinished();

    protected override void TellProgress() => target.OnProgress(new TargetProgress(Given, Acknowledged));

    protected override void TellLost(bool wasReading) =>
        target.OnLost(new TargetEnd(LinkCause.ResetByPeer, "reset", new TargetProgress(Given, Acknowledged), null));
}
