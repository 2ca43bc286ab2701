using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Browsing;
using Gateway.Tests.Management;

namespace Gateway.Tests.Dashboard;

/// <summary>A gateway without a gateway: a lively day with five peers, whose operations really change what is seen. A lock stands for the loop.</summary>
internal sealed class FakeManagement : IManagement
{
    public static readonly QueueId Orders = QueueId.Outgoing("orders", "billing");
    public static readonly QueueId Invoices = QueueId.Inbound("invoices");

    private readonly Lock _lock = new();
    private readonly Channel<GatewayEvent> _events = Channel.CreateBounded<GatewayEvent>(100);
    private readonly Dictionary<QueueId, SortedDictionary<long, Message>> _queues = [];
    private readonly SortedDictionary<long, (DeadLetter Letter, Message Message)> _letters = [];
    private readonly Dictionary<string, Pause> _pausedPeers = [];
    private readonly Dictionary<QueueId, Pause> _pausedQueues = [];
    private readonly List<AuditEntry> _audit = [];
    private readonly Dictionary<Guid, OperationStatus> _operations = [];
    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();
    private long _lastEvent;

    public FakeManagement()
    {
        Fill(Orders, 1204, 3 * 3600, number => number == 2
            ? ("""{"content-type":"text/html","customer":"<img src=x onerror=alert(1)>"}""", "<script>document.title='owned'</script><b>not bold</b>")
            : ($$"""{"content-type":"application/json","customer":"{{4000 + (number % 50)}}","priority":"{{(number % 7 == 0 ? "high" : "normal")}}"}""",
                $$"""{"order":{{number}},"customer":{{4000 + (number % 50)}},"lines":[{"article":"bolt M8","count":{{number % 9}}},{"article":"nut M8","count":{{number % 9}}}],"note":"Füße & Grüße"}"""));
        Fill(QueueId.Outgoing("prices", "billing"), 38, 7200, number => ("", $"price {number}"));
        Fill(QueueId.Outgoing("telemetry", "warehouse"), 212, 4, number => ("", $"sample {number}"));
        Fill(QueueId.Outgoing("labels", "shipping-north"), 17, 900, number => ("", $"label {number}"));
        Fill(QueueId.Outgoing("archive", "archive"), 0, 1, _ => ("", ""));
        Fill(QueueId.Outgoing("audit", "head-office"), 61, 2400, number => ("", $"line {number}"));
        Fill(Invoices, 84, 1500, number => ("""{"kind":"invoice"}""", $"invoice {number}"));
        Fill(QueueId.Inbound("returns"), 3, 2, number => ("", $"return {number}"));
        AddLetters(QueueId.Outgoing("labels", "shipping-north"), DeadLetterReason.Expired, 12, "its expiry passed");
        AddLetters(Invoices, DeadLetterReason.Rejected, 5, "the total does not match its lines");
        AddLetters(Invoices, DeadLetterReason.TooManyDeliveries, 2, "delivered 10 times");
        AddLetters(Orders, DeadLetterReason.RefusedByPeer, 1, "there is no queue orders2 at billing");
        _pausedPeers["head-office"] = new Pause(_start.AddMinutes(-38), "anna (dashboard)", "line is being moved");
        _audit.Add(new AuditEntry(Guid.NewGuid(), _start.AddMinutes(-38), "anna (dashboard)", "pause", "head-office", 0, "line is being moved"));
        _audit.Add(new AuditEntry(Guid.NewGuid(), _start.AddHours(-2), "local", "return", "invoices", 14, "consumer mended"));
        _audit.Add(new AuditEntry(Guid.NewGuid(), _start.AddHours(-26), "jo", "purge", "telemetry@warehouse", 48_211, "old samples"));
        Write("link", "billing", "down: Refused (connect to 10.0.4.17:7001 was refused)");
    }

    /// <summary>What the dashboard asked for that changes something, in order: the method, its subject, and who.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>The last operation that was begun.</summary>
    public OperationRequest? Requested { get; private set; }

    /// <summary>An operation goes on to its end by itself; otherwise it stays at its half until it is cancelled.</summary>
    public bool EndsOperations { get; set; } = true;

    /// <summary>Each search waits for this before its second piece.</summary>
    public TaskCompletionSource? SearchGate { get; set; }

    public bool HasTrouble { get; set; } = true;

    /// <summary>The store of the peer billing was put back, and nobody has accepted that yet.</summary>
    public bool WentBack { get; set; }

    public Task<GatewayState> ReadStateAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(State());
    }

    public Task<QueuePage> ListQueuesAsync(QueueFilter filter, long after, int queuesMax, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var all = State().Queues;
            var upTo = Math.Min(all.Count, after + queuesMax);
            return Task.FromResult(new QueuePage([.. all.Take((int)upTo).Skip((int)after).Where(queue => filter.Matches(queue.Id, queue.Messages))], upTo, upTo == all.Count));
        }
    }

    public Task<QueueSummary?> ReadQueueAsync(QueueId queue, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(State().Queues.FirstOrDefault(known => known.Id == queue));
    }

    public Task<LinkDetails?> ReadLinkAsync(string peer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var state = State();
            if (state.Links.FirstOrDefault(link => link.Status.Peer == peer) is not { } summary) return Task.FromResult<LinkDetails?>(null);
            var history = History(peer, state.Now);
            return Task.FromResult<LinkDetails?>(new LinkDetails
            {
                Summary = summary,
                History = history,
                Candidates = LinkDiagnosis.Candidates(summary.Status, history),
                Patterns = LinkPatterns.Find(history),
                InDoubt = peer == "billing" && HasTrouble ? [new InDoubt("orders", 1, 120, 120), new InDoubt("prices", 1, 8, 8)] : [],
                Queues = state.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer).ToList(),
            });
        }
    }

    public async Task<BrowsePage> BrowseAsync(QueueId? queue, long after, BrowseFilter filter, MessageState? state, int entriesMax, CancellationToken cancellationToken)
    {
        const int PieceMax = 100;
        if (after > 0 && SearchGate is { } gate) await gate.Task.WaitAsync(cancellationToken);
        lock (_lock)
        {
            var (found, scanned, looked) = (new List<BrowseEntry>(), after, 0);
            foreach (var (number, message, letter) in Rows(queue).Where(row => row.Number > after))
            {
                if (found.Count >= entriesMax || looked++ >= PieceMax) return new BrowsePage(found, scanned, false, []);
                scanned = number;
                if ((letter is null || filter.MayMatch(letter)) && Matches(filter, message)) found.Add(Entry(number, message, letter));
            }

            return new BrowsePage(found, Math.Max(after, scanned), true, []);
        }
    }

    public Task<FoundMessage?> ReadMessageAsync(QueueId? queue, long number, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(Rows(queue).Where(row => row.Number == number).Select(row => new FoundMessage(new StoredMessage(number, row.Message), row.Letter)).FirstOrDefault());
    }

    public Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(QueueId queue, long after, CancellationToken cancellationToken) => throw new NotSupportedException();

    public async Task<MessageTrace?> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken)
    {
        if (await ReadMessageAsync(queue, number, cancellationToken) is not { Message: { } found } message) return null;
        var accepted = DateTimeOffset.FromUnixTimeMilliseconds(found.Message.EnqueuedUnixMs);
        List<TraceStep> steps =
        [
            new TraceStep(accepted, "accepted", $"Gateway {found.Message.Source} took it from an application."),
            new TraceStep(accepted, "stored", $"It is on disk as number {number} of {message.DeadLetter?.Queue.Name ?? queue?.Name}."),
        ];
        if (message.DeadLetter is { } letter) steps.Add(new TraceStep(DateTimeOffset.FromUnixTimeMilliseconds(letter.AtUnixMs), "dead-lettered", $"{letter.Reason}: {letter.Text}."));
        else if (queue == Orders && number <= 120) steps.Add(new TraceStep(accepted.AddSeconds(1), "in-doubt", "It was sent on a connection that ended before the peer acknowledged it."));
        if (message.DeadLetter is null) steps.Add(new TraceStep(null, "waiting", queue?.Kind == QueueKind.Outgoing ? "It waits for the link to come up." : "It waits for a consumer."));
        return new MessageTrace(found, message.DeadLetter, steps);
    }

    public Task<IReadOnlyList<DeadLetterGroup>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DeadLetterGroup>>(_letters.Values.GroupBy(row => (row.Letter.Queue, row.Letter.Reason))
                .Select(group => new DeadLetterGroup(group.Key.Queue, group.Key.Reason, group.Count(), group.Sum(row => row.Letter.SizeBytes), group.Min(row => row.Letter.AtUnixMs), group.Max(row => row.Letter.AtUnixMs)))
                .ToList());
        }
    }

    public Task RecordAsync(Guid id, string who, string action, string about, long messages, string text, CancellationToken cancellationToken) =>
        throw new NotSupportedException("the dashboard records nothing itself");

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<AuditEntry>>(_audit.OrderByDescending(entry => entry.At).ToList());
    }

    public async IAsyncEnumerable<GatewayEvent> WatchAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new GatewayEvent(after ?? 0, TimeProvider.System.GetUtcNow(), GatewayEvent.BeginningKind, "", "");
        await foreach (var happened in _events.Reader.ReadAllAsync(cancellationToken)) yield return happened;
    }

    public Task<bool> PausePeerAsync(string peer, string why, string who, CancellationToken cancellationToken) =>
        Act("pause", peer, who, why, now => _pausedPeers[peer] = new Pause(now, who, why));

    public Task<bool> ResumePeerAsync(string peer, string who, CancellationToken cancellationToken) => Act("resume", peer, who, "", _ => _pausedPeers.Remove(peer));

    public Task<bool> PauseQueueAsync(QueueId queue, string why, string who, CancellationToken cancellationToken) =>
        Act("pause", queue.Name, who, why, now => _pausedQueues[queue] = new Pause(now, who, why));

    public Task<bool> ResumeQueueAsync(QueueId queue, string who, CancellationToken cancellationToken) => Act("resume", queue.Name, who, "", _ => _pausedQueues.Remove(queue));

    public Task<bool> RetryPeerAsync(string peer, string who, CancellationToken cancellationToken) => Act("retry", peer, who, "", _ => { });

    public async Task<PeerAcceptance> AcceptPeerAsync(string peer, string who, CancellationToken cancellationToken)
    {
        if (!WentBack) return PeerAcceptance.NothingToAccept;
        await Act("accept", peer, who, "", _ => WentBack = false);
        return PeerAcceptance.Accepted;
    }

    public Task<(OperationStatus? Status, string Fault)> StartAsync(OperationRequest request, string who, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Requested = request;
            var name = request.Queue?.Name ?? "dead letters";
            if (request.Destination == "nowhere@nobody") return Task.FromResult<(OperationStatus?, string)>((null, "There is no peer nobody."));
            var hit = Rows(request.Queue).Where(row => request.Number is { } number ? row.Number == number : (row.Letter is null || request.Filter.MayMatch(row.Letter)) && Matches(request.Filter, row.Message)).ToList();
            var now = TimeProvider.System.GetUtcNow();
            var status = new OperationStatus { Id = Guid.NewGuid(), Request = request, Who = who, StartedAt = now, Total = Math.Max(1, hit.Count), Scanned = hit.Count / 2, Changed = hit.Count / 2 };
            _operations[status.Id] = status;
            Note($"{request.Kind}", name, who, hit.Count, request.Why);
            if (EndsOperations)
            {
                foreach (var (number, _, letter) in hit) Move(request, number, letter);
                status = _operations[status.Id] = status with { State = OperationState.Done, EndedAt = now, Scanned = hit.Count, Changed = hit.Count };
            }

            return Task.FromResult<(OperationStatus?, string)>((status, ""));
        }
    }

    public Task<OperationStatus?> ReadOperationAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(_operations.GetValueOrDefault(id));
    }

    public Task<OperationStatus?> WaitAsync(Guid id, CancellationToken cancellationToken) => ReadOperationAsync(id, cancellationToken);

    public Task<IReadOnlyList<OperationStatus>> ReadOperationsAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<OperationStatus>>([.. _operations.Values]);
    }

    public Task<bool> CancelAsync(Guid id, string who, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_operations.GetValueOrDefault(id) is not { State: OperationState.Running } status) return Task.FromResult(false);
            _operations[id] = status with { State = OperationState.Cancelled, EndedAt = TimeProvider.System.GetUtcNow() };
            Note("cancel", status.Request.Queue?.Name ?? "dead letters", who, status.Changed, "");
            return Task.FromResult(true);
        }
    }

    public Task<Reply> EnqueueAsync(Request.Enqueue request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Received> ReceiveAsync(string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Reply> SettleAsync(string receiver, Request settle, CancellationToken cancellationToken) => throw new NotSupportedException();

    private GatewayState State()
    {
        var now = TimeProvider.System.GetUtcNow();
        var seconds = (now - _start).TotalSeconds;
        var queues = _queues.Select(queue => Queue(queue.Key, queue.Value, now, seconds)).ToList();
        return new GatewayState
        {
            Name = "plant-7",
            Incarnation = Guid.Empty,
            StartedAt = _start.AddDays(-12),
            Now = now,
            Links =
            [
                WentBack
                    ? Link("billing", LinkState.Down, LinkCause.PeerWentBack, now.AddMinutes(-4), "acknowledged and gone there are the numbers 4 to 6 of queue orders", 0)
                    : Link("billing", HasTrouble ? LinkState.Down : LinkState.Up, LinkCause.Refused, now.AddMinutes(-47), "connect to 10.0.4.17:7001 was refused (ECONNREFUSED); 212 attempts", 0),
                Link("warehouse", LinkState.Up, LinkCause.PeerRestarted, now.AddHours(-5), "", 1850 + (420 * Math.Sin(seconds / 6))),
                Link("shipping-north", HasTrouble ? LinkState.Connecting : LinkState.Up, LinkCause.ConnectTimeout, now.AddSeconds(-3), "no answer from 10.0.9.3:7001 in 5 s", 0),
                Link("archive", LinkState.Up, LinkCause.None, now.AddDays(-11), "", 0),
                Link("head-office", LinkState.Up, LinkCause.None, now.AddDays(-2), "", 0) with { Warning = HasTrouble ? "ClockSkew: the peer's clock is 42 s ahead of this one" : "" },
            ],
            Queues = queues,
            Outgoing = QueueSums.Of(queues, QueueKind.Outgoing),
            Inbound = QueueSums.Of(queues, QueueKind.Inbound),
            DeadLetters = _letters.Count,
            Damaged = 0,
            StoredBytes = 1_483_000 + queues.Sum(queue => queue.Bytes),
            FreeBytes = 84_600_000_000,
            Connections = new Dictionary<string, long> { ["taken"] = 12 },
        };

        LinkSummary Link(string peer, LinkState state, LinkCause cause, DateTimeOffset since, string evidence, double rate)
        {
            var own = queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer).ToList();
            return new LinkSummary
            {
                Status = new LinkStatus(peer, state, cause, since, evidence, LinkAdvice.For(cause)),
                Messages = own.Sum(queue => queue.Messages),
                Bytes = own.Sum(queue => queue.Bytes),
                OldestAt = own.Min(queue => queue.OldestAt),
                SentPerSecond = rate,
                Pause = _pausedPeers.GetValueOrDefault(peer),
            };
        }
    }

    private QueueSummary Queue(QueueId id, SortedDictionary<long, Message> messages, DateTimeOffset now, double seconds)
    {
        var isFast = id.Peer == "warehouse";
        var waiting = messages.Count + (isFast ? (long)(90 * (1 + Math.Sin(seconds / 9))) : 0);
        return new QueueSummary
        {
            Id = id,
            Messages = waiting,
            Bytes = messages.Values.Sum(message => (long)message.Headers.Length + message.Body.Length),
            Head = messages.Count == 0 ? 1 : messages.Keys.First(),
            Tail = messages.Count == 0 ? 0 : messages.Keys.Last(),
            OldestAt = messages.Count == 0 ? null : isFast ? now.AddMilliseconds(-180) : DateTimeOffset.FromUnixTimeMilliseconds(messages.Values.First().EnqueuedUnixMs),
            StoredPerSecond = isFast ? 1860 : id == Orders ? 0.4 : 0,
            RemovedPerSecond = isFast ? 1850 : 0,
            Pause = _pausedQueues.GetValueOrDefault(id),
            Operation = _operations.Values.FirstOrDefault(operation => operation.State == OperationState.Running && operation.Request.Queue == id)?.Id,
        };
    }

    private static List<LinkChange> History(string peer, DateTimeOffset now)
    {
        var changes = new List<LinkChange> { new(now.AddHours(-23), LinkState.Up, LinkCause.None, "") };
        if (peer is "archive" or "head-office") return changes;
        for (var hours = 21.5; hours > 1; hours -= 4.2)
        {
            var end = now.AddHours(-hours);
            changes.Add(new LinkChange(end, LinkState.Down, LinkCause.ResetByPeer, "the connection was reset (ECONNRESET)") { UpSeconds = 4.2 * 3600, QuietSeconds = 1800 + hours, InDoubt = [new InDoubt("orders", 1, 40, 40)] });
            changes.Add(new LinkChange(end.AddMinutes(4), LinkState.Connecting, LinkCause.ConnectTimeout, "no answer in 5 s"));
            changes.Add(new LinkChange(end.AddMinutes(9), LinkState.Up, LinkCause.PeerRestarted, "hello with a new incarnation")
            {
                Incarnation = Guid.NewGuid(),
                PeerStarted = end.AddMinutes(8),
                InDoubt = [new InDoubt("orders", 1, 40, 40, 31, 9)],
            });
        }

        changes.Add(new LinkChange(now.AddMinutes(-47), LinkState.Down, LinkCause.Refused, "connect to 10.0.4.17:7001 was refused (ECONNREFUSED)") { UpSeconds = 3000, QuietSeconds = 1802 });
        return changes;
    }

    private IEnumerable<(long Number, Message Message, DeadLetter? Letter)> Rows(QueueId? queue) => queue is not { } id
        ? _letters.Select(row => (row.Key, row.Value.Message, (DeadLetter?)row.Value.Letter))
        : _queues.GetValueOrDefault(id, []).Select(row => (row.Key, row.Value, (DeadLetter?)null));

    private void Move(OperationRequest request, long number, DeadLetter? letter)
    {
        var message = Rows(request.Queue).First(row => row.Number == number).Message;
        if (request.Queue is { } queue) _queues[queue].Remove(number);
        else _letters.Remove(number);
        if (request.Kind == OperationKind.DeadLetter) AddLetter(request.Queue!.Value, DeadLetterReason.Rejected, message, request.Why);
        if (request.Kind == OperationKind.Return) Append(letter!.Queue, message);
    }

    private Task<bool> Act(string action, string about, string who, string why, Action<DateTimeOffset> act)
    {
        lock (_lock)
        {
            act(TimeProvider.System.GetUtcNow());
            Note(action, about, who, 0, why);
            return Task.FromResult(true);
        }
    }

    private void Note(string action, string about, string who, long messages, string text)
    {
        Calls.Enqueue($"{action} {about} by {who}");
        _audit.Add(new AuditEntry(Guid.NewGuid(), TimeProvider.System.GetUtcNow(), who, action.ToLowerInvariant(), about, messages, text));
        Write("audit", about, $"{action} by {who}");
    }

    private void Write(string kind, string about, string text) => _events.Writer.TryWrite(new GatewayEvent(++_lastEvent, TimeProvider.System.GetUtcNow(), kind, about, text));

    private void Fill(QueueId queue, int count, double oldestSeconds, Func<long, (string Headers, string Body)> write)
    {
        _queues[queue] = [];
        for (var number = 1; number <= count; number++)
        {
            var (headers, body) = write(number);
            var at = _start.AddSeconds(-oldestSeconds * (count - number + 1) / Math.Max(1, count));
            _queues[queue][number] = new Message { Id = MessageId.New(at), EnqueuedUnixMs = at.ToUnixTimeMilliseconds(), Source = "plant-7", Headers = Encoding.UTF8.GetBytes(headers), Body = Encoding.UTF8.GetBytes(body) };
        }
    }

    private void AddLetters(QueueId queue, DeadLetterReason reason, int count, string text)
    {
        for (var i = 0; i < count; i++)
        {
            var at = _start.AddMinutes(-60 - i);
            AddLetter(queue, reason, new Message { Id = MessageId.New(at), EnqueuedUnixMs = at.ToUnixTimeMilliseconds(), Source = "plant-7", Body = Encoding.UTF8.GetBytes($"letter {i}") }, text);
        }
    }

    private void AddLetter(QueueId queue, DeadLetterReason reason, Message message, string text)
    {
        var number = _letters.Count == 0 ? 1 : _letters.Keys.Last() + 1;
        _letters[number] = (new DeadLetter(number, queue, number, 1, message.Body.Length + 60, reason, message.EnqueuedUnixMs + 60_000, text), message);
    }

    private void Append(QueueId queue, Message message)
    {
        var messages = _queues[queue];
        messages[messages.Count == 0 ? 1 : messages.Keys.Last() + 1] = message;
    }

    private static bool Matches(BrowseFilter filter, Message message) =>
        message.Id.ToString().StartsWith(filter.IdPrefix, StringComparison.Ordinal)
        && message.EnqueuedUnixMs >= filter.AcceptedFromUnixMs && message.EnqueuedUnixMs < filter.AcceptedBeforeUnixMs
        && message.Headers.Length + message.Body.Length is var size && size >= filter.SizeMin && size <= filter.SizeMax
        && (filter.Headers.Count == 0 || (HeadersJson.TryRead(message.Headers.ToArray(), out var found) && filter.Headers.All(wanted => found.GetValueOrDefault(wanted.Key) == wanted.Value)));

    private static BrowseEntry Entry(long number, Message message, DeadLetter? letter) => new()
    {
        Number = number,
        Id = message.Id,
        EnqueuedUnixMs = message.EnqueuedUnixMs,
        ExpiresUnixMs = message.ExpiresUnixMs,
        Source = message.Source,
        HeadersBytes = message.Headers.Length,
        BodyBytes = message.Body.Length,
        Group = 1,
        DeadLetter = letter,
    };
}
