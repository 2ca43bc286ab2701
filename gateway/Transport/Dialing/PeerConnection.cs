using Gateway.Links.Protocol;
using Gateway.Links.Sending;

namespace Gateway.Transport.Dialing;

/// <summary>
/// The successive connections of an outgoing link, each with a fresh socket. Owned by the loop; the dialer's task and the sockets' thread
/// report through the loop's queue.
/// </summary>
/// <param name="firstWays">To each address of the peer, until it has others; at least one.</param>
internal sealed class PeerConnection(
    string firstAddress, IReadOnlyList<PeerWay> firstWays, LoopQueue queue, LinkSockets sockets, TimeProvider time) : ILinkConnection
{
    /// <summary>
    /// The rounds over several addresses in which each gets little time: a takeover is over by then. Afterwards every second round is
    /// patient, in case the lines are slow.
    /// </summary>
    private const int QuickRounds = 10;

    private static readonly TimeSpan _goodbyeLinger = TimeSpan.FromMilliseconds(500);

    private readonly LoopQueue _queue = queue;
    private readonly LinkSockets _sockets = sockets;
    private readonly TimeProvider _time = time;
    private string _address = firstAddress;
    private IReadOnlyList<PeerWay> _ways = firstWays;

    /// <summary>The way by which the peer was reached last: it is the first one to be tried.</summary>
    private int _good;
    private int _rounds;
    private Attempt? _current;

    /// <summary>The task of the last attempt; completes soon after <see cref="HangUp()"/>.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The next connection is made by these ways; the present one is left to its link.</summary>
    public void Move(string address, IReadOnlyList<PeerWay> ways) => (_address, _ways, _good, _rounds) = (address, ways, 0, 0);

    public void Dial(IDialedLink link)
    {
        HangUp();
        var isPatient = _rounds >= QuickRounds && _rounds % 2 > 0;
        _rounds++;
        Run(new Attempt(this, link, _ways, new PeerRound(_ways.Count, _good), isPatient));
    }

    public bool TryDialNext(IDialedLink link)
    {
        if (_current is not { Round.HasNext: true } former) return false;
        HangUp();
        Run(new Attempt(this, link, former.Ways, former.Round.Next(), former.IsPatient));
        return true;
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

    private void Run(Attempt attempt)
    {
        _current = attempt;
        Ended = RunAsync(attempt);
    }

    private async Task RunAsync(Attempt attempt)
    {
        // Without the loop's synchronisation context: the loop may have ended by then, and the end would never be seen.
        var (cause, evidence) = await Task.Run(attempt.DialAsync).ConfigureAwait(false);
        // Frames that arrived before the end, such as a goodbye or a refusal, explain it better than the end itself.
        attempt.Socket.Finish(() => _queue.Post(() => OnEnded(attempt, cause, evidence)));
    }

    private void OnFrames(Attempt attempt, IReadOnlyList<byte[]> frames)
    {
        _sockets.OnTaken();
        foreach (var bytes in frames)
        {
            if (attempt != _current) return;
            if (LinkCodec.TryDecode(bytes, out var frame)) OnFrame(attempt, frame);
            else attempt.Link.OnLost(
                LinkCause.WrongService, $"the program at {_address} sent a frame that violates the protocol between gateways");
        }
    }

    private void OnFrame(Attempt attempt, LinkFrame frame)
    {
        if (frame is LinkFrame.Welcome && attempt.Ways == _ways) (_good, _rounds) = (attempt.Round.Index, 0);
        attempt.Link.OnFrame(frame);
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
        private volatile bool _isConnected;

        public Attempt(PeerConnection owner, IDialedLink link, IReadOnlyList<PeerWay> ways, PeerRound round, bool isPatient)
        {
            _owner = owner;
            Link = link;
            Ways = ways;
            Round = round;
            IsPatient = isPatient;
            Drill = new ConnectionDrill(owner._time);
            Socket = new LinkSocket(owner._sockets, this);
        }

        /// <summary>To each of the peer's addresses.</summary>
        public IReadOnlyList<PeerWay> Ways { get; }

        /// <summary>Each way gets the time that it may take.</summary>
        public bool IsPatient { get; }

        /// <summary>The place in the round over the ways; the dialing task moves it on until the connection is made.</summary>
        public PeerRound Round { get; private set; }

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

        /// <summary>Tries the addresses in turn, until a connection is made; returns its end, or the failures.</summary>
        public async Task<(LinkCause Cause, string Evidence)> DialAsync()
        {
            var failed = new List<(LinkCause Cause, string Evidence)>();
            while (true)
            {
                var way = Ways[Round.Index];
                var dialer = IsPatient ? way.Patient : way.Quick ?? way.Patient;
                var ended = await dialer.RunAsync(Socket, Drill, this, Cancel.Token);
                if (_isConnected || Cancel.IsCancellationRequested) return ended;
                failed.Add(ended);
                if (!Round.HasNext) return (failed[0].Cause, string.Join("; ", failed.Select(failure => failure.Evidence)));
                Round = Round.Next();
            }
        }

        public void OnReceived(IReadOnlyList<byte[]> frames) => _owner._queue.Post(() => _owner.OnFrames(this, frames));

        public void OnFound(PeerAddress address)
        {
            var found = address with { Place = Ways[Round.Index].Place };
            _owner._queue.Post(() =>
            {
                if (IsCurrent) Link.OnFound(found);
            });
        }

        public void OnConnected(WireBytes wire)
        {
            _isConnected = true;
            _owner._queue.Post(() =>
            {
                if (!IsCurrent) return;
                Wire = wire;
                Link.OnConnected();
            });
        }
    }
}
