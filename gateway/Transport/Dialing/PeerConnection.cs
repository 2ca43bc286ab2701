using Gateway.Links.Protocol;
using Gateway.Links.Sending;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The successive connections of an outgoing link, each with a fresh socket. Owned by the loop; the dialer's task and the sockets' thread
/// report through the loop's queue.
/// </summary>
/// <param name="firstDialer">Connects to the peer, until it has another address.</param>
internal sealed class PeerConnection(string firstAddress, Dialer firstDialer, LoopQueue queue, LinkSockets sockets, TimeProvider time)
    : ILinkConnection
{
    private static readonly TimeSpan _goodbyeLinger = TimeSpan.FromMilliseconds(500);

    private readonly LoopQueue _queue = queue;
    private readonly LinkSockets _sockets = sockets;
    private readonly TimeProvider _time = time;
    private string _address = firstAddress;
    private Dialer _dialer = firstDialer;
    private Attempt? _current;

    /// <summary>The task of the last attempt; completes soon after <see cref="HangUp()"/>.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The next connection is made with this dialer; the present one is left to its link.</summary>
    public void Move(string address, Dialer dialer) => (_address, _dialer) = (address, dialer);

    public void Dial(IDialedLink link)
    {
        HangUp();
        _current = new Attempt(this, link);
        Ended = RunAsync(_current);
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
        attempt.Link.OnBytes(arrived - attempt.Told);
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
        var dialer = _dialer;
        // Without the loop's synchronisation context: the loop may have ended by then, and the end would never be seen.
        var (cause, evidence) = await Task.Run(() => dialer.RunAsync(
            attempt.Socket,
            attempt.Drill,
            attempt,
            attempt.Cancel.Token)).ConfigureAwait(false);
        // Frames that arrived before the end, such as a goodbye or a refusal, explain it better than the end itself.
        attempt.Socket.Finish(() => _queue.Post(() => OnEnded(attempt, cause, evidence)));
    }

    private void OnFrames(Attempt attempt, IReadOnlyList<byte[]> frames)
    {
        _sockets.OnTaken();
        foreach (var bytes in frames)
        {
            if (attempt != _current) return;
            if (LinkCodec.TryDecode(bytes, out var frame)) attempt.Link.OnFrame(frame);
            else attempt.Link.OnLost(
                LinkCause.WrongService, $"the program at {_address} sent a frame that violates the protocol between gateways");
        }
    }

    private void OnEnded(Attempt attempt, LinkCause cause, string evidence)
    {
        if (attempt == _current) attempt.Link.OnLost(cause, evidence);
        attempt.Cancel.Dispose();
    }

    /// <summary>One connection, or the attempt to make it. Passes the reports of other threads to the loop.</summary>
    private sealed class Attempt : IReceived, IDialed
    {
        private readonly PeerConnection _owner;

        public Attempt(PeerConnection owner, IDialedLink link)
        {
            _owner = owner;
            Link = link;
            Drill = new ConnectionDrill(owner._time);
            Socket = new LinkSocket(owner._sockets, this);
        }

        /// <summary>The link to report to.</summary>
        public IDialedLink Link { get; }

        public CancellationTokenSource Cancel { get; } = new();

        public ConnectionDrill Drill { get; }

        public LinkSocket Socket { get; }

        /// <summary>The byte counters; set once connected.</summary>
        public WireBytes? Wire { get; set; }

        /// <summary>The bytes already reported to the link.</summary>
        public long Told { get; set; }

        private bool IsCurrent => _owner._current == this;

        public void OnReceived(IReadOnlyList<byte[]> frames) => _owner._queue.Post(() => _owner.OnFrames(this, frames));

        public void OnFound(PeerAddress address) => _owner._queue.Post(() =>
        {
            if (IsCurrent) Link.OnFound(address);
        });

        public void OnConnected(WireBytes wire) => _owner._queue.Post(() =>
        {
            if (!IsCurrent) return;
            Wire = wire;
            Link.OnConnected();
        });
    }
}
