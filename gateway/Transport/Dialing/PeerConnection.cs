using Gateway.Links;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The successive connections of an outgoing link, each with a fresh socket. Owned by the loop; the dialer's task and the sockets' thread
/// report through the loop's queue.
/// </summary>
/// <param name="dialer">Connects to the peer.</param>
internal sealed class PeerConnection(string address, Dialer dialer, LoopQueue queue, LinkSockets sockets, TimeProvider time)
    : ILinkConnection
{
    private static readonly TimeSpan _goodbyeLinger = TimeSpan.FromMilliseconds(500);

    private Attempt? _current;

    /// <summary>The link to report to; set once, before the first dial.</summary>
    public OutgoingLink? Link { get; set; }

    /// <summary>The task of the last attempt; completes soon after <see cref="HangUp()"/>.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    public void Dial()
    {
        HangUp();
        Attempt attempt = null!;
        attempt = new Attempt(new ConnectionDrill(time), new LinkSocket(sockets, frames => queue.Post(() => OnFrames(attempt, frames))));
        _current = attempt;
        Ended = RunAsync(attempt);
    }

    public void HangUp() => HangUp(TimeSpan.Zero);

    /// <summary>Like <see cref="HangUp()"/>, but bytes sent before still leave, within half a second.</summary>
    public void HangUpAfterSending() => HangUp(_current is { Wire: not null } ? _goodbyeLinger : TimeSpan.Zero);

    public void Send(LinkFrame frame) => _current?.Socket.Send(LinkCodec.Encode(frame));

    /// <summary>
    /// Reports to the link the bytes that have arrived since the last call. Called before the link judges a silence: bytes that wait here
    /// have arrived.
    /// </summary>
    public void TellArrived()
    {
        if (_current is not { Wire: { } wire, Drill.Swallows: false } attempt) return;
        var arrived = wire.Arrived;
        if (arrived == attempt.Told) return;
        Link!.OnBytes(arrived - attempt.Told);
        attempt.Told = arrived;
    }

    public void Drill(DrillKind kind, TimeSpan duration) => _current?.Drill.Begin(kind, duration);

    private void HangUp(TimeSpan linger)
    {
        if (_current is not { } attempt) return;
        _current = null;
        if (linger > TimeSpan.Zero) attempt.Cancel.CancelAfter(linger);
        else attempt.Cancel.Cancel();
        attempt.Socket.Close(linger);
    }

    private async Task RunAsync(Attempt attempt)
    {
        // Without the loop's synchronisation context: the loop may have ended by then, and the end would never be seen.
        var (cause, evidence) = await Task.Run(() => dialer.RunAsync(
            attempt.Socket,
            attempt.Drill,
            address => queue.Post(() => OnFound(attempt, address)),
            wire => queue.Post(() => OnConnected(attempt, wire)),
            attempt.Cancel.Token)).ConfigureAwait(false);
        // Frames that arrived before the end, such as a goodbye or a refusal, explain it better than the end itself.
        attempt.Socket.Finish(() => queue.Post(() => OnEnded(attempt, cause, evidence)));
    }

    private void OnFound(Attempt attempt, PeerAddress address)
    {
        if (attempt == _current) Link!.OnFound(address);
    }

    private void OnConnected(Attempt attempt, WireBytes wire)
    {
        if (attempt != _current) return;
        attempt.Wire = wire;
        Link!.OnConnected();
    }

    private void OnFrames(Attempt attempt, IReadOnlyList<byte[]> frames)
    {
        sockets.OnTaken();
        foreach (var bytes in frames)
        {
            if (attempt != _current) return;
            if (LinkCodec.TryDecode(bytes, out var frame)) Link!.OnFrame(frame);
            else Link!.OnLost(
                LinkCause.WrongService, $"what answers at {address} sent a frame that is not of the protocol between gateways");
        }
    }

    private void OnEnded(Attempt attempt, LinkCause cause, string evidence)
    {
        if (attempt == _current) Link!.OnLost(cause, evidence);
        attempt.Cancel.Dispose();
    }

    private sealed class Attempt(ConnectionDrill drill, LinkSocket socket)
    {
        public CancellationTokenSource Cancel { get; } = new();

        public ConnectionDrill Drill => drill;

        public LinkSocket Socket => socket;

        /// <summary>The byte counters; set once connected.</summary>
        public WireBytes? Wire { get; set; }

        /// <summary>The bytes already reported to the link.</summary>
        public long Told { get; set; }
    }
}
