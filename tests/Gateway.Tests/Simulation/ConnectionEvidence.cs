using Gateway.Links.Protocol;

namespace Gateway.Tests.Simulation;

/// <summary>
/// The true events of one connection, compared with the gateways' reports of it, and with the bounds that they keep.
/// </summary>
internal sealed class ConnectionEvidence(LinkSettings settings)
{
    private readonly Dictionary<string, Sending> _queues = [];
    private DateTimeOffset? _established;
    private DateTimeOffset _heardByDialer;
    private DateTimeOffset _heardByAcceptor;
    private DateTimeOffset? _askedAt;
    private bool _isWelcomed;
    private bool _isFull;
    private bool _wasSilent;
    private bool _saidGoodbye;
    private bool _wasStalled;
    private bool _isRefused;

    /// <summary>A frame was lost on it, so that the rest may make no sense.</summary>
    public bool HasHole { get; set; }

    /// <summary>
    /// Another gateway of the dialing one's name has said hello to the same peer since it was made. It may be gone by the time that anybody
    /// hears of it.
    /// </summary>
    public bool IsTakenOver { get; set; }

    /// <summary>How the network told the dialing side that it ended; null if it has not.</summary>
    public LinkCause? End { get; set; }

    public void Established(DateTimeOffset now) => _established = _heardByDialer = _heardByAcceptor = now;

    /// <summary>
    /// It began before the time that the dialing side was put back to, and what was sent on it since then is not known there.
    /// </summary>
    public void IsOfAnotherLife(DateTimeOffset now)
    {
        (_isWelcomed, HasHole) = (true, true);
        _heardByDialer = now - settings.DeadAfter - settings.HandshakeTimeout;
    }

    public void AcceptorHears(DateTimeOffset now) => _heardByAcceptor = now;

    /// <summary>A frame is there as a whole.</summary>
    public void AcceptorTakes(byte[] bytes, DateTimeOffset now)
    {
        AcceptorHears(now);
        if (!LinkCodec.TryDecode(bytes, out var frame)
            || frame is not LinkFrame.Batch batch || !_queues.TryGetValue(batch.Queue, out var queue)) return;
        foreach (var sent in queue.Outstanding.Where(sent => sent.Last == batch.Messages[^1].Number)) sent.Arrived ??= now;
    }

    /// <summary>The dialing side has heard who is there.</summary>
    public bool IsWelcomed => _isWelcomed;

    public void DialerHearsBytes(DateTimeOffset now) => _heardByDialer = now;

    public void DialerSends(LinkFrame frame, DateTimeOffset now)
    {
        if (frame is LinkFrame.Ask && _askedAt is not null)
            throw new SimulationException("a question was sent before the one before it was answered");
        if (frame is LinkFrame.Ask) _askedAt = now;
        if (frame is not LinkFrame.Batch batch) return;
        if (!_isWelcomed) throw new SimulationException("a batch was sent before the welcome");
        if (!_queues.TryGetValue(batch.Queue, out var queue)) _queues[batch.Queue] = queue = new Sending();
        if (queue.Outstanding.Count == 0) queue.WaitsSince = now;

        var before = _queues.Values.SelectMany(sending => sending.Outstanding).ToList();
        if (before.Sum(sent => sent.Bytes) is var bytes && bytes >= settings.Limits.WindowBytes) throw new SimulationException(
            $"a batch was sent beyond a window of {settings.Limits.WindowBytes} bytes: {bytes} were unacknowledged");
        queue.Outstanding.Add(new SentBatch(
            batch.Messages[^1].Number, batch.Messages.Count, batch.Messages.Sum(item => LinkCodec.BatchItemBytes(item.Message))));
        if (before.Sum(sent => sent.Messages) + batch.Messages.Count is var messages && messages > settings.Limits.WindowMessages)
            throw new SimulationException($"{messages} messages are unacknowledged, of {settings.Limits.WindowMessages} in the window");
    }

    /// <summary>The accepting side's word is checked when it is given.</summary>
    public void AcceptorSends(LinkFrame frame, SimulatedGateway acceptor, SimulatedGateway dialer, DateTimeOffset now, bool isDialerGone)
    {
        switch (frame)
        {
            case LinkFrame.Refused { Code: RefusalCode.Silent } when now - _heardByAcceptor <= settings.DeadAfter:
                throw new SimulationException(
                    $"{acceptor.Name} gave a connection up as silent, on which it had heard something {now - _heardByAcceptor} before");
            // A former run's hello may arrive after that of a later one.
            case LinkFrame.Refused { Code: RefusalCode.Forked } when isDialerGone: break;
            case LinkFrame.Refused { Code: RefusalCode.Forked or RefusalCode.StoreTwice }
                when dialer.HasTwoHistories || dialer.IsDisplaced:
                break;
            case LinkFrame.Refused { Code: not (RefusalCode.Silent or RefusalCode.Displaced) } refused when !_isRefused:
                throw new SimulationException($"{acceptor.Name} refused ({refused.Code}): {refused.Text}");
            case LinkFrame.Stalled when !acceptor.WaitsForStore:
                throw new SimulationException($"{acceptor.Name} says that its store does not answer, which was asked nothing");
            case LinkFrame.Goodbye when !acceptor.IsStopping:
                throw new SimulationException($"{acceptor.Name} said goodbye and does not stop");
            case LinkFrame.Full full when !acceptor.CanBeFull:
                throw new SimulationException($"{acceptor.Name} has room and says: {full.Text}");
        }

        // Frames after that belong nowhere.
        _isRefused |= frame is LinkFrame.Refused;
    }

    public void DialerHears(LinkFrame frame, DateTimeOffset now)
    {
        _heardByDialer = now;
        switch (frame)
        {
            case LinkFrame.Welcome: _isWelcomed = true; break;
            case LinkFrame.Positions: _askedAt = null; break;
            case LinkFrame.Goodbye: _saidGoodbye = true; break;
            case LinkFrame.Stalled: _wasStalled = true; break;
            case LinkFrame.Refused refused: _wasSilent = refused.Code == RefusalCode.Silent; break;
            case LinkFrame.Ack ack: Forget(ack.Queue, sent => sent.Last <= ack.Number, now); break;
            case LinkFrame.Resend resend: Forget(resend.Queue, sent => sent.Last > resend.Number, now: null); break;
            case LinkFrame.Full full:
                _isFull = true;
                Forget(full.Queue, _ => true, now);
                break;
        }
    }

    /// <summary>Whether this is a true word for how the connection is, or why it ended.</summary>
    public bool Explains(LinkCause cause, DateTimeOffset now) => cause switch
    {
        LinkCause.Refused or LinkCause.Unreachable or LinkCause.ResetByPeer or LinkCause.ClosedByPeer => End == cause,
        LinkCause.ConnectTimeout => End == cause,
        LinkCause.PeerSilent => !_isWelcomed && !_wasStalled && now - _established > settings.HandshakeTimeout,
        LinkCause.HalfOpen => _wasSilent || (_isWelcomed && now - _heardByDialer > settings.DeadAfter),
        LinkCause.PeerStuck => HasHole || _wasStalled || now - _askedAt > settings.AckTimeout || _queues.Values.Any(queue =>
            queue.Outstanding.FirstOrDefault()?.Arrived is { } arrived && now - Later(arrived, queue.WaitsSince) > settings.AckTimeout),
        LinkCause.PeerRefuses => _isFull,
        LinkCause.GoingAway => _saidGoodbye,
        LinkCause.WrongService => HasHole,
        LinkCause.DuplicateName => IsTakenOver,
        _ => false,
    };

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private void Forget(string name, Predicate<SentBatch> isForgotten, DateTimeOffset? now)
    {
        if (_queues.TryGetValue(name, out var queue) && queue.Outstanding.RemoveAll(isForgotten) > 0 && now is { } progress)
            queue.WaitsSince = progress;
    }

    /// <summary>The messages sent of one queue and not acknowledged.</summary>
    private sealed class Sending
    {
        public List<SentBatch> Outstanding { get; } = [];

        public DateTimeOffset WaitsSince { get; set; }
    }

    private sealed record SentBatch(long Last, int Messages, int Bytes)
    {
        /// <summary>When the accepting side had it as a whole.</summary>
        public DateTimeOffset? Arrived { get; set; }
    }
}
