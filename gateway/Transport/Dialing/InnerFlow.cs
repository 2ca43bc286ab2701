namespace Gateway.Transport.Dialing;

/// <summary>
/// Compares what enters this gateway's own socket of a link with what leaves it, in both directions. NetMQ carries the frames, and the
/// signals that announce them, over loopback connections. If something on this host cuts one of these, the peer and the connection to it
/// are alive, and yet nothing arrives. Counted by the loop, the sockets' thread and the splice, each its own part; judged in the rounds.
/// </summary>
internal sealed class InnerFlow
{
    /// <summary>The time in which at least some of the frames within the process must move.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Direction _outward = new();
    private readonly Direction _inward = new();
    private volatile bool _isWriting;
    private volatile bool _isUnknown;

    /// <summary>The frames for the peer that have not left the process's own socket.</summary>
    public long LeftOutward => _outward.Left;

    /// <summary>The frames of the peer that were not taken from the process's own socket.</summary>
    public long LeftInward => _inward.Left;

    /// <summary>The loop has given a frame to the socket.</summary>
    public void OnGiven() => _outward.OnEntered(_outward.Entered + 1);

    /// <summary>The splice has got bytes from the socket.</summary>
    /// <param name="frames">The whole frames so far.</param>
    public void OnCarried(long frames) => _outward.OnLeft(frames);

    /// <summary>The splice has written bytes to the socket.</summary>
    /// <param name="frames">The whole frames so far.</param>
    public void OnPassed(long frames) => _inward.OnEntered(frames);

    /// <summary>The sockets' thread has taken frames.</summary>
    public void OnTaken(int frames) => _inward.OnLeft(_inward.Gone + frames);

    /// <summary>The splice writes to the peer, or has done so: meanwhile it takes nothing from the socket.</summary>
    public void OnWriting(bool isWriting) => _isWriting = isWriting;

    /// <summary>Frames were dropped on purpose: from now on nothing is known.</summary>
    public void OnDropped() => _isUnknown = true;

    /// <param name="now">As of <see cref="PatientTime.Now"/>.</param>
    /// <param name="isHeldUp">The sockets' thread waits for the loop, and moves nothing.</param>
    /// <returns>Whether frames wait, and none has moved for a time. One caller at a time.</returns>
    public bool IsDead(long now, bool isHeldUp)
    {
        if (_isUnknown) return false;
        var isOutwardDead = _outward.IsDead(now, mayMove: !isHeldUp && !_isWriting);
        return _inward.IsDead(now, mayMove: !isHeldUp) || isOutwardDead;
    }

    /// <summary>One direction of the flow. Each counter has one writer.</summary>
    private sealed class Direction
    {
        private long _entered;
        private long _gone;
        private long _moves;
        private long _movesBefore;
        private long _since;

        public long Entered => Volatile.Read(ref _entered);

        public long Gone => Volatile.Read(ref _gone);

        public long Left => Math.Max(0, Entered - Gone);

        public void OnEntered(long frames) => Volatile.Write(ref _entered, frames);

        /// <summary>Also called when a part of a frame has left.</summary>
        public void OnLeft(long frames)
        {
            Volatile.Write(ref _gone, frames);
            Volatile.Write(ref _moves, _moves + 1);
        }

        public bool IsDead(long now, bool mayMove)
        {
            var moves = Volatile.Read(ref _moves);
            if (Left == 0 || !mayMove || moves != _movesBefore || _since == 0) _since = now;
            _movesBefore = moves;
            return now - _since > Patience.Ticks;
        }
    }
}
