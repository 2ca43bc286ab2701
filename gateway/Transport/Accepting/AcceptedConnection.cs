using Gateway.Client.Wire;
using Gateway.Links.Receiving;
using Gateway.Transport.Zmtp;

namespace Gateway.Transport.Accepting;

/// <summary>
/// One connection accepted from an application or a peer, after its handshakes. A reader cuts messages out of the incoming bytes and posts
/// them to the loop; the loop fills an outbox. The reader and the outbox run as tasks under <see cref="RunAsync"/>; everything else belongs
/// to the loop.
/// </summary>
internal sealed class AcceptedConnection
{
    /// <summary>
    /// Messages are gathered into one PACKED up to this size; a larger message is sent alone. In a .NET application the frame is then not a
    /// large object: those are cleared, and collected together with all that lives long.
    /// </summary>
    private const int GatheredBytesMax = 80 * 1024;

    /// <summary>
    /// The limit of the bytes waiting on one connection. It covers everything an application may have requested: messages within its
    /// credit, of which a queue hands out 64 MiB at a time, and answers to its requests.
    /// </summary>
    private const long OutputBytesMax = 256 * 1024 * 1024;

    private readonly AcceptedConnections _endpoint;
    private readonly ConnectionPlace _place;
    private readonly ConnectionRounds _rounds;
    private readonly ConnectionWatch _watch;
    private readonly ConnectionOutbox _outbox;
    private readonly ConnectionReader _reader;
    private readonly WireBytes _wire;
    private readonly ZmtpLimits _limits;
    private readonly TaskCompletionSource<ConnectionEnd> _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<IReadOnlyList<ReadOnlyMemory<byte>>> _gathered = [];
    private int _gatheredBytes;
    private bool _isKnown;
    private bool _isRefused;
    private bool _isUnsent;
    private long _told;

    /// <param name="name">The connection's name, unique for the life of the process.</param>
    /// <param name="names">The peers the certificate may speak for; null without TLS.</param>
    /// <param name="pipes">The connection's bytes after the handshakes.</param>
    /// <param name="wire">Counts the bytes moved on the connection.</param>
    /// <param name="checker">The checker of the incoming bytes, after the handshake.</param>
    /// <param name="place">Its place among the connections of the endpoint.</param>
    /// <param name="endpoint">The endpoint that accepted the connection.</param>
    /// <param name="settings">The endpoint's settings.</param>
    /// <param name="rounds">The rounds in which the connection is checked for stalls.</param>
    /// <param name="memory">The memory limits of all connections together.</param>
    public AcceptedConnection(
        string name,
        AuthorisedNames? names,
        StreamPipes pipes,
        WireBytes wire,
        ZmtpChecker checker,
        ConnectionPlace place,
        AcceptedConnections endpoint,
        FrontDoorSettings settings,
        ConnectionRounds rounds,
        ConnectionMemory memory)
    {
        _endpoint = endpoint;
        _place = place;
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

    /// <summary>Messages received and not yet handed to the conversation.</summary>
    public ConnectionInput Input { get; } = new();

    /// <summary>The outbox is over its limit: the connection must be given up.</summary>
    public bool IsStuffed { get; private set; }

    /// <summary>The loop knows the connection and has not lost it. Kept by the endpoint.</summary>
    public bool IsOpen { get; set; }

    /// <summary>The other side was refused, which it is told with a delay. Kept for the endpoint.</summary>
    public bool IsAnswerDue { get; private set; }

    /// <summary>Bytes waiting to be sent.</summary>
    public long OutputBytes => _outbox.Bytes + _gatheredBytes;

    private long OutputMax => _isKnown ? OutputBytesMax : ConnectionReader.StrangerBytes;

    /// <summary>
    /// Reads and sends until one side ends the connection or a fault is found; <see cref="CloseAsync"/> must follow.
    /// </summary>
    /// <param name="arrivals">Receives the messages, in order.</param>
    /// <param name="stop">Ends the connection.</param>
    public async Task<ConnectionEnd> RunAsync(IArrivals arrivals, CancellationToken stop)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stop);
        using var place = _rounds.Join(Look);
        var reading = _reader.RunAsync(arrivals, ended.Token);
        var first = await Task.WhenAny(reading, _cut.Task, _outbox.Failed);
        var end = first == reading ? await reading : first == _cut.Task ? await _cut.Task : new ConnectionEnd(
            ConnectionFault.None, Error: await _outbox.Failed);
        await ended.CancelAsync();
        await reading;
        return end;
    }

    /// <summary>Sends the waiting bytes and accepts no more.</summary>
    /// <param name="linger">Cancelled when the waiting bytes are no longer to be sent.</param>
    public Task CloseAsync(CancellationToken linger) => _outbox.CloseAsync(linger);

    /// <summary>
    /// Waits until the loop has handled the messages that arrived before the end, and has put its answers into the outbox. The end must
    /// have been reported to the loop.
    /// </summary>
    /// <param name="limit">Cancelled when the time for it is over.</param>
    public async Task AwaitAnswersAsync(CancellationToken limit) =>
        await _left.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>The loop has lost the connection and sends nothing more. Called by the loop.</summary>
    public void Leave()
    {
        PutGathered();
        _left.TrySetResult();
    }

    /// <summary>
    /// Sends one message at the end of the event; does nothing if the connection is lost. The frames must not change afterwards.
    /// </summary>
    public void Send(IReadOnlyList<ReadOnlyMemory<byte>> frames)
    {
        if (!IsOpen) return;
        if (!_isUnsent) _endpoint.AddUnsent(this);
        _isUnsent = true;
        IsAnswerDue = false;
        var bytes = PackedMessages.SizeBytes(frames);
        if (_gatheredBytes + bytes > GatheredBytesMax) PutGathered();
        _gathered.Add(frames);
        _gatheredBytes += bytes;
    }

    /// <summary>Puts the gathered messages into the outbox, at the end of the event.</summary>
    public void Flush()
    {
        _isUnsent = false;
        PutGathered();
    }

    private void PutGathered()
    {
        if (_gathered.Count == 0) return;
        Span<byte> head = stackalloc byte[PackedMessages.HeadBytesMax];
        IsStuffed |= !_outbox.TryPut(head[..WriteHead(head, _gatheredBytes)], _gathered, _gatheredBytes, OutputMax);
        _gathered.Clear();
        _gatheredBytes = 0;
    }

    /// <summary>Reports that the conversation has taken this many bytes of input.</summary>
    /// <param name="isKnown">The other side has identified itself.</param>
    public void OnTaken(long bytes, bool isKnown)
    {
        if (isKnown && !_isKnown)
        {
            _isKnown = true;
            _watch.OnIntroduced();
            _place.Stand(ConnectionStanding.AtWork);
            _reader.Allow(_limits);
        }

        if (bytes > 0) _reader.OnTaken(bytes);
    }

    /// <summary>The other side has shown an unknown token: its connection makes room first, unless it was known before.</summary>
    public void OnRefused()
    {
        if (_isRefused || _isKnown) return;
        _isRefused = true;
        IsAnswerDue = true;
        _place.Stand(ConnectionStanding.Refused);
    }

    /// <inheritdoc cref="ConnectionWatch.KeepQuiet"/>
    public void KeepQuiet(TimeSpan silence) => _watch.KeepQuiet(silence);

    /// <summary>Ends the connection: the other side does not read its answers, or its messages have no place here.</summary>
    public void GiveUp() => _cut.TrySetResult(new ConnectionEnd(ConnectionFault.GivenUp));

    /// <summary>Whether bytes have arrived since the last call, whole messages or not.</summary>
    public bool HasNewBytes()
    {
        var before = _told;
        return (_told = _wire.Arrived) != before;
    }

    /// <returns>0 if the other side does not understand PACKED.</returns>
    private int WriteHead(Span<byte> head, int bytes) => Input.IsPacked ? PackedMessages.WriteHead(head, bytes) : 0;

    private void Look()
    {
        if (_watch.Look() is var fault and not ConnectionFault.None) _cut.TrySetResult(new ConnectionEnd(fault));
        else if (_watch.IsAskingDue) _outbox.Ask();
    }
}
