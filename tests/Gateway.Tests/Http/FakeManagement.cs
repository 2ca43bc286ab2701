using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Configuration;
using Gateway.Links;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Browsing;

namespace Gateway.Tests.Http;

/// <summary>
/// A gateway as operators see it, that answers from what a test put into it and remembers what it was asked to do. For one test.
/// </summary>
internal sealed class FakeManagement : IManagement
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly QueueId Orders = QueueId.Outgoing("orders", "billing");
    public static readonly QueueId Bills = QueueId.Inbound("bills");

    /// <summary>The id of a message that was enqueued without one.</summary>
    public static readonly MessageId Made = new(new Guid("00000000-0000-7000-8000-0000000000ff"));

    private readonly Channel<GatewayEvent> _events = Channel.CreateBounded<GatewayEvent>(16);

    public GatewayState State { get; set; } = NewState();

    /// <summary>What was done, in the order of the calls.</summary>
    public List<string> Acts { get; } = [];

    /// <summary>By number; the same for each queue that a test looks into.</summary>
    public SortedDictionary<long, StoredMessage> Messages { get; } = [];

    public SortedDictionary<long, (DeadLetter Letter, StoredMessage Message)> Letters { get; } = [];

    public List<OperationStatus> Operations { get; } = [];

    public List<AuditEntry> Audit { get; } = [];

    public List<Request.Enqueue> Enqueued { get; } = [];

    public Func<Request.Enqueue, Reply> OnEnqueue { get; set; } = request =>
        new Reply.Accepted(request.Id, [.. request.Items.Select(item => item.Id ?? Made)]);

    public List<Reply.Delivery> Deliveries { get; } = [];

    public Reply.Rejected? Refusal { get; set; }

    public Func<Request, Reply> OnSettle { get; set; } = settle => new Reply.Settled(RequestId.FromNumber(1));

    public string StartFault { get; set; } = "";

    /// <summary>How messages stand, by number; the others wait.</summary>
    public Dictionary<long, MessageState> States { get; } = [];

    /// <summary>How many entries one call of <see cref="BrowseAsync"/> looks at.</summary>
    public int BrowsePiece { get; set; } = 3;

    /// <summary>What can take its time does so until this is set.</summary>
    public TaskCompletionSource? Hold { get; init; }

    /// <summary>Set when somebody waits for <see cref="Hold"/>.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<GatewayState> ReadStateAsync(CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        return State;
    }

    public Task<QueuePage> ListQueuesAsync(QueueFilter filter, long after, int queuesMax, CancellationToken cancellationToken)
    {
        var found = State.Queues.Skip((int)after).Take(queuesMax).ToList();
        var upTo = after + found.Count;
        // The messages of this gateway are in every queue, whatever the state says.
        return Task.FromResult(new QueuePage([.. found.Where(queue => filter.Matches(queue.Id, Math.Max(1, queue.Messages)))
            .Select(queue => queue with { At = State.Now })], upTo, upTo >= State.Queues.Count));
    }

    public async Task<QueueSummary?> ReadQueueAsync(QueueId queue, CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        return State.Queues.Select(known => known with { At = State.Now }).FirstOrDefault(known => known.Id == queue);
    }

    public Task<LinkDetails?> ReadLinkAsync(string peer, CancellationToken cancellationToken) =>
        Task.FromResult(State.Links.FirstOrDefault(link => link.Status.Peer == peer) is { } link
        ? new LinkDetails
        {
            Summary = link,
            Now = State.Now,
            Candidates = [new LinkCandidate(LinkCause.Refused, "nobody listens")],
            Patterns = [new LinkPattern(LinkCause.PeerRestarted, 2, "restarted twice")],
            InDoubt = [new InDoubt("orders", 3, 5, 3)],
            History = [new LinkChange(Now, LinkState.Down, LinkCause.Refused, "refused")
                { UpSeconds = 2.5, InDoubt = [new InDoubt("orders", 3, 5, 3)] }],
            Queues = State.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer).ToList(),
        }
        : null);

    public Task<BrowsePage> BrowseAsync(
        QueueId? queue, long after, BrowseFilter filter, MessageState? state, int entriesMax, CancellationToken cancellationToken)
    {
        var all = queue is null
            ? Letters.Values.Where(letter => filter.MayMatch(letter.Letter))
                .Select(letter => (letter.Letter.Number, letter.Message, Letter: (DeadLetter?)letter.Letter))
            : Messages.Values.Select(message => (message.Number, Message: message, Letter: (DeadLetter?)null));
        var piece = all.Where(entry => entry.Number > after).Take(BrowsePiece).ToList();
        var found = piece.Where(entry => Matches(filter, entry.Message) && (state is null || state == StateOf(entry.Number)))
            .Take(entriesMax).ToList();
        var upTo = found.Count == entriesMax ? found[^1].Number : piece.Count == 0 ? after : piece[^1].Number;
        return Task.FromResult(new BrowsePage([.. found.Select(entry => EntryOf(entry.Number, entry.Message, entry.Letter))],
            upTo, all.All(entry => entry.Number <= upTo), []));
    }

    public Task<FoundMessage?> ReadMessageAsync(QueueId? queue, long number, CancellationToken cancellationToken)
    {
        if (queue is null)
            return Task.FromResult(Letters.TryGetValue(number, out var letter) ? new FoundMessage(letter.Message, letter.Letter) : null);
        return Task.FromResult(Messages.TryGetValue(number, out var message) ? new FoundMessage(message, null) : null);
    }

    public Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(QueueId queue, long after, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredMessage>>([.. Messages.Values.Where(message => message.Number > after).Take(BrowsePiece)]);

    public async Task<MessageTrace?> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken) =>
        await ReadMessageAsync(queue, number, cancellationToken) is { } found ? new MessageTrace(found.Message, found.DeadLetter,
            [new TraceStep(Now, "accepted", "accepted here"), new TraceStep(null, "in-doubt", "sent once")], Sent: 1) : null;

    public Task<IReadOnlyList<DeadLetterGroup>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DeadLetterGroup>>(
        [.. Letters.Values.GroupBy(letter => (letter.Letter.Queue, letter.Letter.Reason)).Select(
            group => new DeadLetterGroup(group.Key.Queue, group.Key.Reason, group.Count(), group.Sum(letter => letter.Letter.SizeBytes),
            group.Min(letter => letter.Letter.AtUnixMs), group.Max(letter => letter.Letter.AtUnixMs)))]);

    public Task RecordAsync(Guid id, string who, string action, string about, long messages, string text,
        CancellationToken cancellationToken)
    {
        Recorded.Add($"{who} {action} {about} {messages} {text}");
        return Task.CompletedTask;
    }

    /// <summary>What was written to the audit trail in words of the caller's.</summary>
    public List<string> Recorded { get; } = [];

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AuditEntry>>(Audit);

    public async IAsyncEnumerable<GatewayEvent> WatchAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new GatewayEvent(after ?? 0, TimeProvider.System.GetUtcNow(), GatewayEvent.BeginningKind, "", "");
        await foreach (var happened in _events.Reader.ReadAllAsync(cancellationToken)) yield return happened;
    }

    public void Raise(GatewayEvent happened) => _events.Writer.TryWrite(happened);

    public Task<bool> PausePeerAsync(string peer, string why, string who, CancellationToken cancellationToken) =>
        ActAsync($"pause {peer} '{why}' {who}", IsPeer(peer));

    public Task<bool> ResumePeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        ActAsync($"resume {peer} {who}", IsPeer(peer));

    public Task<bool> PauseQueueAsync(QueueId queue, string why, string who, CancellationToken cancellationToken) =>
        ActAsync($"pause {queue} '{why}' {who}", IsQueue(queue));

    public Task<bool> ResumeQueueAsync(QueueId queue, string who, CancellationToken cancellationToken) =>
        ActAsync($"resume {queue} {who}", IsQueue(queue));

    public Task<bool> RetryPeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        ActAsync($"retry {peer} {who}", IsPeer(peer));

    public async Task<PeerAcceptance> AcceptPeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        !await ActAsync($"accept {peer} {who}", IsPeer(peer))
            ? PeerAcceptance.NoPeer : WentBack ? PeerAcceptance.Accepted : PeerAcceptance.NothingToAccept;

    public async Task<DrillAnswer> DrillPeerAsync(
        string peer, DrillKind kind, TimeSpan stall, string who, CancellationToken cancellationToken) =>
        await ActAsync($"drill {peer} {kind} {stall} {who}", IsPeer(peer)) ? Drill : DrillAnswer.NoPeer;

    /// <summary>What a drill of a peer is answered.</summary>
    public DrillAnswer Drill { get; set; }

    /// <summary>The peers' stores were put back.</summary>
    public bool WentBack { get; set; }

    public Task<(OperationStatus? Status, string Fault)> StartAsync(
        OperationRequest request, string who, CancellationToken cancellationToken)
    {
        if (StartFault.Length > 0) return Task.FromResult<(OperationStatus?, string)>((null, StartFault));
        var status = new OperationStatus { Id = Guid.CreateVersion7(Now), Request = request, Who = who, StartedAt = Now, Total = 7 };
        Operations.Add(status);
        return Task.FromResult<(OperationStatus?, string)>((status, ""));
    }

    public Task<OperationStatus?> ReadOperationAsync(Guid id, CancellationToken cancellationToken) =>
        Task.FromResult(Operations.FirstOrDefault(operation => operation.Id == id));

    public async Task<OperationStatus?> WaitAsync(Guid id, CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        var index = Operations.FindIndex(operation => operation.Id == id);
        if (index < 0) return null;
        return Operations[index] = Operations[index] with
        { State = OperationState.Done, EndedAt = Now, Scanned = 7, Changed = 5, Left = 2 };
    }

    public Task<IReadOnlyList<OperationStatus>> ReadOperationsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<OperationStatus>>(Operations);

    /// <summary>What waits for the end of an operation is let go.</summary>
    public Task<bool> CancelAsync(Guid id, string who, CancellationToken cancellationToken)
    {
        var isCancelled =
            ActAsync($"cancel {who}", Operations.Exists(operation => operation.Id == id && operation.State == OperationState.Running));
        Hold?.TrySetResult();
        return isCancelled;
    }

    public Task<Reply> EnqueueAsync(Request.Enqueue request, CancellationToken cancellationToken)
    {
        Enqueued.Add(request);
        return Task.FromResult(OnEnqueue(request));
    }

    public async Task<Received> ReceiveAsync(
        string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait, CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        Acts.Add($"receive {receiver} {queue} {messagesMax} {lease} {wait}");
        return new Received([.. Deliveries.Take(messagesMax)], Refusal);
    }

    public Task<Reply> SettleAsync(string receiver, Request settle, CancellationToken cancellationToken)
    {
        Acts.Add($"settle {receiver} {settle}");
        return Task.FromResult(OnSettle(settle));
    }

    /// <summary>A message in the queue that the test looks into.</summary>
    public StoredMessage Add(string body, string headers = "{}", long? number = null)
    {
        var next = number ?? (Messages.Count == 0 ? 1 : Messages.Keys.Last() + 1);
        return Messages[next] = new StoredMessage(next, NewMessage(next, System.Text.Encoding.UTF8.GetBytes(body), headers), 2);
    }

    public void AddLetter(long number, DeadLetterReason reason, QueueId? queue = null, string headers = "{}") => Letters[number] = (
        new DeadLetter(number, queue ?? Orders, number + 100, 1, 50, reason, Now.ToUnixTimeMilliseconds(), "no"),
        new StoredMessage(number, NewMessage(number, "dead"u8.ToArray(), headers)));

    public static Message NewMessage(long number, byte[] body, string headers) => new()
    {
        Id = new MessageId(new Guid($"00000000-0000-7000-8000-{number:x12}")),
        EnqueuedUnixMs = Now.ToUnixTimeMilliseconds() + number,
        Source = "shop",
        Headers = System.Text.Encoding.UTF8.GetBytes(headers),
        Body = body,
    };

    public static LinkSummary NewLink(string peer, LinkState state, LinkCause cause) => new()
    {
        Status = new LinkStatus(peer, state, cause, Now.AddMinutes(-5), "evidence", LinkAdvice.For(cause)),
        Messages = 3,
        Bytes = 300,
        OldestAt = Now.AddSeconds(-90),
        SentPerSecond = 1.5,
    };

    public static GatewayState NewState() => new()
    {
        Name = "shop",
        Incarnation = new Guid("00000000-0000-4000-8000-000000000001"),
        StartedAt = Now.AddHours(-1),
        Now = Now,
        Links = [NewLink("billing", LinkState.Up, LinkCause.None)],
        Queues =
        [
            new QueueSummary { Id = Orders, Messages = 3, Bytes = 300, Head = 4, Tail = 6, OldestAt = Now.AddSeconds(-90),
                StoredPerSecond = 2, RemovedPerSecond = 1 },
            new QueueSummary
                { Id = Bills, Messages = 0, Bytes = 0, Head = 1, Tail = 0, Pause = new Pause(Now, "anna (127.0.0.1)", "audit") },
        ],
        Outgoing = new QueueSum(1, 3, 300),
        Inbound = new QueueSum(1, 0, 0),
        DeadLetters = 0,
        Damaged = 0,
        StoredBytes = 300,
        StoredBytesMax = new StoreOptions().BytesMax,
        FreeBytes = 1L << 40,
        FreeBytesMin = new StoreOptions().DiskReserveBytes,
        Connections = new Dictionary<string, long> { ["accepted"] = 2 },
    };

    private static bool Matches(BrowseFilter filter, StoredMessage stored)
    {
        var bytes = new byte[MessageCodec.SizeBytes(stored.Message)];
        MessageCodec.Write(stored.Message, bytes);
        return MessageView.TryRead(bytes, out var view) && filter.Matches(view);
    }

    private MessageState StateOf(long number) => States.GetValueOrDefault(number, MessageState.Waiting);

    private BrowseEntry EntryOf(long number, StoredMessage stored, DeadLetter? letter) => new()
    {
        Number = number,
        Id = stored.Message.Id,
        EnqueuedUnixMs = stored.Message.EnqueuedUnixMs,
        ExpiresUnixMs = stored.Message.ExpiresUnixMs,
        Source = stored.Message.Source,
        HeadersBytes = stored.Message.Headers.Length,
        BodyBytes = stored.Message.Body.Length,
        Group = 1,
        Deliveries = stored.Deliveries,
        State = letter is null ? StateOf(number) : null,
        DeadLetter = letter,
    };

    private bool IsPeer(string peer) => State.Links.Any(link => link.Status.Peer == peer);

    private bool IsQueue(QueueId queue) => State.Queues.Any(known => known.Id == queue);

    private Task HoldAsync(CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        return Hold?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }

    private Task<bool> ActAsync(string act, bool isKnown)
    {
        Acts.Add(act);
        return Task.FromResult(isKnown);
    }
}
