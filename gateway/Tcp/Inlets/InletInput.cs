using Gateway.Client.Wire;
using Gateway.Intake;
using Gateway.Store.Messages;
using Gateway.Tcp.Framing;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// The way of one conversation into the intake: its frames in order, one batch at a time, each made of all that waits, until they are
/// taken; then the piece of a frame that was cut off, as a dead letter, and the end. Pure; owned by its conversation.
/// </summary>
internal sealed class InletInput(InletSettings settings, InletParts parts, InletConversation conversation)
{
    private readonly Lazy<FrameHeaders> _headers = new(() => conversation.HeadersOf(parts.OwnName));
    private readonly Queue<ReadOnlyMemory<byte>> _frames = [];
    private readonly HoldBack _holdBack = new(settings.HeldBackTold, parts.Clock);
    private readonly string _application = $"inlet {settings.Name}";

    /// <summary>The conversation has begun, which the far side must be told before all frames.</summary>
    private bool _isBeginDue = settings.Format is FrameFormat.Stream;
    private bool _isGiving;

    /// <summary>The bytes of the first frame that are durable: of a stream, it may be given in pieces.</summary>
    private int _givenOfFirst;
    private bool _isEnded;
    private ReadOnlyMemory<byte> _piece;
    private string _pieceText = "";

    /// <summary>How it has ended, for the far side; one that was cut off after its end has a second one.</summary>
    private readonly Queue<string> _ends = [];

    /// <summary>Frames that are durable.</summary>
    public long Frames { get; private set; }

    /// <summary>Their bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>Nothing more comes, and everything is durable.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Frames that are not durable.</summary>
    public int Waiting => _frames.Count + (_piece.IsEmpty ? 0 : 1);

    public HoldBack HoldBack => _holdBack;

    private bool IsStream => settings.Format is FrameFormat.Stream;

    public void Add(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        foreach (var frame in frames) _frames.Enqueue(frame);
    }

    /// <summary>Nothing more comes.</summary>
    /// <param name="piece">The bytes of a frame that was cut off; empty for none.</param>
    /// <param name="pieceText">Why it was cut off.</param>
    /// <param name="endEvent">The event that tells the far side; null if it is not told.</param>
    public void End(ReadOnlyMemory<byte> piece, string pieceText, string? endEvent)
    {
        _isEnded = true;
        (_piece, _pieceText) = (piece, pieceText);
        if (endEvent is not null) _ends.Enqueue(endEvent);
    }

    /// <summary>The program is gone after the end of what it sends: the far side is told that, too.</summary>
    public void Cut()
    {
        IsDone = false;
        _ends.Enqueue(TcpNames.WasReset);
        Give();
    }

    /// <summary>Offers the intake what waits, unless it has something of this conversation already, or it is too early.</summary>
    public void Give()
    {
        if (_isGiving || IsDone || !conversation.MayGive || parts.Clock.Uptime < _holdBack.RetryAt) return;
        var batch = NextBatch();
        if (batch.Items.Count > 0)
        {
            Begin();
            parts.Intake.TakeRead(settings.Destination, batch.Items, _application, refusal => OnAnswer(refusal, batch));
        }
        else if (!_piece.IsEmpty)
        {
            Begin();
            var item = new EnqueueItem(null, _headers.Value.OfFrame(Frames + 1), ExpiresUnixMs: 0, _piece);
            parts.Intake.Bury(settings.Destination, item, DeadLetterReason.Incomplete, _pieceText, OnBuried);
        }
        else if (_isEnded)
        {
            IsDone = true;
            conversation.OnInputDone();
        }
    }

    private void Begin()
    {
        _isGiving = true;
        _holdBack.OnOffered();
    }

    private Batch NextBatch()
    {
        var batch = new Batch(parts.Limits);
        if (_isBeginDue) batch.TryAdd(EventItem(_headers.Value.OfEvent(TcpNames.Began)));
        var bytesMax = IsStream ? parts.Intake.BodyBytesMaxOf(settings.Destination) : int.MaxValue;
        var given = _givenOfFirst;
        foreach (var frame in _frames)
        {
            for (var rest = frame[given..]; !rest.IsEmpty;)
            {
                var piece = rest[..Math.Min(bytesMax, rest.Length)];
                var headers = _headers.Value.OfFrame(Frames + batch.Frames + 1);
                if (!batch.TryAdd(new EnqueueItem(null, headers, ExpiresUnixMs: 0, piece))) return batch;
                batch.Frames++;
                batch.FrameBytes += piece.Length;
                rest = rest[piece.Length..];
            }

            given = 0;
        }

        if (!_isEnded || !_piece.IsEmpty) return batch;
        foreach (var end in _ends)
        {
            // So the far side knows whether it has had everything.
            if (!batch.TryAdd(EventItem(_headers.Value.OfEnd(end, Frames + batch.Frames + 1)))) return batch;
            batch.Ends++;
        }

        return batch;
    }

    private static EnqueueItem EventItem(byte[] headers) => new(null, headers, ExpiresUnixMs: 0, ReadOnlyMemory<byte>.Empty);

    private void OnAnswer(IntakeRefusal? refusal, Batch batch)
    {
        if (IsRefused(refusal)) return;
        var reads = Forget(batch.FrameBytes);
        Frames += batch.Frames;
        Bytes += batch.FrameBytes;
        _isBeginDue = false;
        for (var i = 0; i < batch.Ends; i++) _ends.Dequeue();
        conversation.OnDurable(batch.Frames, reads, batch.FrameBytes);
        Give();
    }

    /// <summary>So many bytes are durable; returns the number of frames, as they were read, that are whole with them.</summary>
    private int Forget(long bytes)
    {
        var (left, reads) = (bytes + _givenOfFirst, 0);
        for (; _frames.TryPeek(out var first) && left >= first.Length; reads++) left -= _frames.Dequeue().Length;
        _givenOfFirst = (int)left;
        return reads;
    }

    private void OnBuried(IntakeRefusal? refusal)
    {
        if (IsRefused(refusal)) return;
        _piece = default;
        conversation.OnBuried();
        Give();
    }

    private bool IsRefused(IntakeRefusal? refusal)
    {
        _isGiving = false;
        if (refusal is null) _holdBack.OnTaken();
        else _holdBack.OnRefused(refusal);
        conversation.OnHoldBack();
        return refusal is not null;
    }

    /// <summary>What is offered to the intake at once, within the limits of a request.</summary>
    private sealed class Batch(WireLimits limits)
    {
        private readonly List<EnqueueItem> _items = [];
        private long _bytes;

        public IReadOnlyList<EnqueueItem> Items => _items;

        public int Frames { get; set; }

        public long FrameBytes { get; set; }

        /// <summary>The events of the end in it.</summary>
        public int Ends { get; set; }

        /// <summary>False if it would be larger than one request may be; a single message is always added.</summary>
        public bool TryAdd(EnqueueItem item)
        {
            var bytes = item.Body.Length + item.Headers.Length;
            if (_items.Count > 0 && (_items.Count >= limits.BatchMessagesMax || _bytes + bytes > limits.BatchBytesMax)) return false;
            _items.Add(item);
            _bytes += bytes;
            return true;
        }
    }
}
