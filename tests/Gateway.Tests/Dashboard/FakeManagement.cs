using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Management;
using Gateway.Store;
using Gateway.Store.Browsing;

namespace Gateway.Tests.Dashboard;

/// <summary>
/// A gateway without a gateway: a lively day with five peers, whose operations really change what is seen. A lock stands for the loop.
/// </summary>
internal sealed partial class FakeManagement : IManagement
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
            return Task.FromResult(new QueuePage([.. all.Take((int)upTo).Skip((int)after)
                .Where(queue => filter.Matches(queue.Id, queue.Messages))], upTo, upTo == all.Count));
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
                Now = state.Now,
                History = history,
                Candidates = LinkDiagnosis.Candidates(summary.Status, history),
                Patterns = LinkPatterns.Find(history),
                InDoubt = peer == "billing" && HasTrouble ? [new InDoubt("orders", 1, 120, 120), new InDoubt("prices", 1, 8, 8)] : [],
                Queues = state.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer).ToList(),
            });
        }
    }

    public async Task<BrowsePage> BrowseAsync(
        QueueId? queue, long after, BrowseFilter filter, MessageState? state, int entriesMax, CancellationToken cancellationToken)
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
        lock (_lock) return Task.FromResult(Rows(queue).Where(row => row.Number == number)
            .Select(row => new FoundMessage(new StoredMessage(number, row.Message), row.Letter)).FirstOrDefault());
    }

    public Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(QueueId queue, long after, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async Task<MessageTrace?> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken)
    {
        if (await ReadMessageAsync(queue, number, cancellationToken) is not { Message: { } found } message) return null;
        var accepted = DateTimeOffset.FromUnixTimeMilliseconds(found.Message.EnqueuedUnixMs);
        List<TraceStep> steps =
        [
            new TraceStep(accepted, "accepted", $"Gateway {found.Message.Source} took it from an application."),
            new TraceStep(accepted, "stored", $"It is on disk as number {number} of {message.DeadLetter?.Queue.Name ?? queue?.Name}."),
        ];
        if (message.DeadLetter is { } letter) steps.Add(
            new TraceStep(DateTimeOffset.FromUnixTimeMilliseconds(letter.AtUnixMs), "dead-lettered", $"{letter.Reason}: {letter.Text}."));
        else if (queue == Orders && number <= 120) steps.Add(
            new TraceStep(accepted.AddSeconds(1), "in-doubt", "It was sent on a connection that ended before the peer acknowledged it."));
        if (message.DeadLetter is null) steps.Add(new TraceStep(
            null, "waiting", queue?.Kind == QueueKind.Outgoing ? "It waits for the link to come up." : "It waits for a consumer."));
        return new MessageTrace(found, message.DeadLetter, steps);
    }

    public Task<IReadOnlyList<DeadLetterGroup>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DeadLetterGroup>>(_letters.Values.GroupBy(row => (row.Letter.Queue, row.Letter.Reason))
                .Select(group => new DeadLetterGroup(group.Key.Queue, group.Key.Reason, group.Count(),
                    group.Sum(row => row.Letter.SizeBytes), group.Min(row => row.Letter.AtUnixMs), group.Max(row => row.Letter.AtUnixMs)))
                .ToList());
        }
    }

    public Task RecordAsync(Guid id, string who, string action, string about, long messages, string text,
        CancellationToken cancellationToken) =>
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

    public Task<bool> ResumePeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        Act("resume", peer, who, "", _ => _pausedPeers.Remove(peer));

    public Task<bool> PauseQueueAsync(QueueId queue, string why, string who, CancellationToken cancellationToken) =>
        Act("pause", queue.Name, who, why, now => _pausedQueues[queue] = new Pause(now, who, why));

    public Task<bool> ResumeQueueAsync(QueueId queue, string who, CancellationToken cancellationToken) =>
        Act("resume", queue.Name, who, "", _ => _pausedQueues.Remove(queue));

    public Task<bool> RetryPeerAsync(string peer, string who, CancellationToken cancellationToken) => Act("retry", peer, who, "", _ => { });

    public async Task<PeerAcceptance> AcceptPeerAsync(string peer, string who, CancellationToken cancellationToken)
    {
        if (!WentBack) return PeerAcceptance.NothingToAccept;
        await Act("accept", peer, who, "", _ => WentBack = false);
        return PeerAcceptance.Accepted;
    }

    public Task<DrillAnswer> DrillPeerAsync(string peer, DrillKind kind, TimeSpan stall, string who, CancellationToken cancellationToken) =>
        Task.FromResult(DrillAnswer.NotEnabled);

    public Task<(OperationStatus? Status, string Fault)> StartAsync(
        OperationRequest request, string who, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Requested = request;
            var name = request.Queue?.Name ?? "dead letters";
            if (request.Destination == "nowhere@nobody")
                return Task.FromResult<(OperationStatus?, string)>((null, "There is no peer nobody."));
            var hit = Rows(request.Queue).Where(row => request.Number is { } number ? row.Number == number : (
                row.Letter is null || request.Filter.MayMatch(row.Letter)) && Matches(request.Filter, row.Message)).ToList();
            var now = TimeProvider.System.GetUtcNow();
            var status = new OperationStatus
            {
                Id = Guid.NewGuid(),
                Request = request,
                Who = who,
                StartedAt = now,
                Total = Math.Max(1, hit.Count),
                Scanned = hit.Count / 2,
                Changed = hit.Count / 2
            };
            _operations[status.Id] = status;
            Note($"{request.Kind}", name, who, hit.Count, request.Why);
            if (EndsOperations)
            {
                foreach (var (number, _, letter) in hit) Move(request, number, letter);
                status = _operations[status.Id] = status with
                { State = OperationState.Done, EndedAt = now, Scanned = hit.Count, Changed = hit.Count };
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

    public Task<Received> ReceiveAsync(string receiver, string queue, int messagesMax, TimeSpan? lease,
        TimeSpan wait, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Reply> SettleAsync(string receiver, Request settle, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

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

    private void Write(string kind, string about, string text) =>
        _events.Writer.TryWrite(new GatewayEvent(++_lastEvent, TimeProvider.System.GetUtcNow(), kind, about, text));

    private static bool Matches(BrowseFilter filter, Message message) =>
        message.Id.ToString().StartsWith(filter.IdPrefix, StringComparison.Ordinal)
        && message.EnqueuedUnixMs >= filter.AcceptedFromUnixMs && message.EnqueuedUnixMs < filter.AcceptedBeforeUnixMs
        && message.Headers.Length + message.Body.Length is var size && size >= filter.SizeMin && size <= filter.SizeMax
        && (filter.Headers.Count == 0 || (HeadersJson.TryRead(message.Headers.ToArray(), out var found)
            && filter.Headers.All(wanted => found.GetValueOrDefault(wanted.Key) == wanted.Value)));

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
