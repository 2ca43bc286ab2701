using System.Buffers;
using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Accepting;

/// <summary>
/// One connection that an application or a peer has made, after its handshakes: a reader that cuts messages out of what comes and posts
/// them to the loop, and an outbox that the loop fills. Its tasks run in <see cref="RunAsync"/>; all else belongs to the loop.
/// </summary>
internal sealed class AcceptedConnection
{
    /// <summary>So much is gathered for one PACKED; what is larger goes alone.</summary>
    private const int GatheredBytesMax = 128 * 1024;

    /// <summary>
    /// What may wait for one connection. It holds what an application may have asked for: messages of its credit, of which a queue hands
    /// out 64 MiB at a time, and answers to its requests.
    /// </summary>
    private const long OutputBytesMax = 256 * 1024 * 1024;

    private readonly AcceptedConnections _endpoint;
    private readonly ConnectionRounds _rounds;
    private readonly ConnectionWatch _watch;
    private readonly ConnectionOutbox _outbox;
    private readonly ConnectionReader _reader;
    private readonly WireBytes _wire;
    private readonly ZmtpLimits _limits;
    private readonly TaskCompletionSource<ConnectionEnd> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ArrayBufferWriter<byte> _gathered = new();
    private bool _isKnown;
    private bool _isUnsent;
    private long _told;

    /// <param name="name">Names it for as long as the process lives.</param>
    /// <param name="names">For whom it may speak; null when it was not asked.</param>
    /// <param name="pipes">Of the connection, after the handshakes.</param>
    /// <param name="wire">What moves on it.</param>
    /// <param name="checker">Of what it sends, after the handshake.</param>
    /// <param name="endpoint">To which it belongs.</param>
    /// <param name="settings">Of the endpoint.</param>
    /// <param name="rounds">In which it is looked at.</param>
    /// <param name="memory">What all connections may hold.</param>
    public AcceptedConnection(
        string name,
        AuthorisedNames? names,
        StreamPipes pipes,
        WireBytes wire,
        ZmtpChecker checker,
        AcceptedConnections endpoint,
        FrontDoorSettings settings,
        ConnectionRounds rounds,
        ConnectionMemory memory)
    {
        _endpoint = endpoint;
        Name = name;
        Names = names;
        _wire = wire;
        _rounds = rounds;
        _limits = settings.Zmtp;
        _watch = new ConnectionWatch(rounds.Patience, rounds.Time, wire) { Introduction = settings.HandshakeTimeout };
        var more = new WakeSignal();
        _outbox = new ConnectionOutbox(pipes.Stream, _watch, memory.Output, more);
        checker.Limits = settings.Zmtp.ForStrangers(ConnectionReader.StrangerBytes);
        _reader = new ConnectionReader(pipes.Input, new ZmtpReader(checker), _outbox, _watch, memory, more);
    }

    public string Name { get; }

    public AuthorisedNames? Names { get; }

    /// <summary>What it has brought, and had no turn yet.</summary>
    public ConnectionInput Input { get; } = new();

    /// <summary>More waits for it than may: it is to be given up.</summary>
    public bool IsStuffed { get; private set; }

    /// <summary>The loop knows it, and has not lost it. Kept by the endpoint.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Bytes that wait for it.</summary>
    public long OutputBytes => _outbox.Bytes + _gathered.WrittenCount;

    private long OutputMax => _isKnown ? OutputBytesMax : ConnectionReader.StrangerBytes;

    /// <summary>
    /// Reads and sends until one side ends the connection, or a fault is found. What waits then is still sent if the gateway itself ends
    /// it.
    /// </summary>
    /// <param name="arrived">Takes what has come, in order.</param>
    /// <param name="stop">Ends it.</param>
    /// <param name="linger">Cancelled when what waits is not to be sent any more.</param>
    public async Task<ConnectionEnd> RunAsync(Action<ArrivedMessages> arrived, CancellationToken stop, CancellationToken linger)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var place = _rounds.Join(Look);
        var reading = _reader.RunAsync(arrived, ended.Token);
        var first = await Task.WhenAny(reading, _cut.Task, _outbox.Failed);
        var end = first == reading ? await reading : first == _cut.Task ? await _cut.Task : new ConnectionEnd(
            ConnectionFault.None, Error: await _outbox.Failed);
        await ended.CancelAsync();
        await reading;
        await _outbox.CloseAsync(end.IsOurs ? linger : new CancellationToken(canceled: true));
        return end;
    }

    /// <summary>Sends one message at the end of the event; nothing happens when the connection is lost.</summary>
    public void Send(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        if (!IsOpen) return;
        if (!_isUnsent) _endpoint.AddUnsent(this);
        _isUnsent = true;
        var bytes = PackedMessages.SizeBytes(frames);
        if (bytes < GatheredBytesMax)
        {
            PackedMessages.Write(frames, _gathered.GetSpan(bytes));
            _gathered.Advance(bytes);
            if (_gathered.WrittenCount >= GatheredBytesMax) PutGathered();
            return;
        }

        PutGathered();
        Span<byte> head = stackalloc byte[PackedMessages.HeadBytesMax];
        IsStuffed |= !_outbox.TryPut(head[..WriteHead(head, bytes)], frames, OutputMax);
    }

    /// <summary>The end of the event: what was gathered leaves.</summary>
    public void Flush()
    {
        _isUnsent = false;
        PutGathered();
    }

    private void PutGathered()
    {
        if (_gathered.WrittenCount == 0) return;
        Span<byte> head = stackalloc byte[PackedMessages.HeadBytesMax];
        IsStuffed |= !_outbox.TryPut(head[..WriteHead(head, _gathered.WrittenCount)], _gathered.WrittenSpan, OutputMax);
        if (_gathered.Capacity > GatheredBytesMax) _gathered = new ArrayBufferWriter<byte>();
        else _gathered.ResetWrittenCount();
    }

    /// <summary>So many bytes of what it has brought were taken.</summary>
    /// <param name="isKnown">It has said who it is by now.</param>
    public void OnTaken(long bytes, bool isKnown)
    {
        if (isKnown && !_isKnown)
        {
            _isKnown = true;
            _watch.OnIntroduced();
            _reader.Allow(_limits);
        }

        if (bytes > 0) _reader.OnTaken(bytes);
    }

    /// <summary>Ends it: the other side does not take what is sent to it, or what it sends has no place here.</summary>
    public void GiveUp() => _cut.TrySetResult(new ConnectionEnd(ConnectionFault.GivenUp));

    /// <summary>Something has arrived since this was last asked, whether it makes a message yet or not.</summary>
    public bool HasNewBytes()
    {
        var before = _told;
        return (_told = _wire.Arrived) != before;
    }

    /// <returns>Nothing, if the other side does not understand PACKED.</returns>
    private int WriteHead(Span<byte> head, int bytes) => Input.IsPacked ? PackedMessages.WriteHead(head, bytes) : 0;

    private void Look()
    {
        if (_watch.Look() is var fault and not ConnectionFault.None) _cut.TrySetResult(new ConnectionEnd(fault));
        else if (_watch.IsAskingDue) _outbox.Ask();
    }
}
