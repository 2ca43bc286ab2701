using System.Runtime.CompilerServices;
using System.Text;
using System.Threading.Channels;
using Gateway.Client;
using Gateway.Management;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;

namespace Gateway.Tests.Management;

/// <summary>
/// A gateway as operators see it, that answers from what a test put into it and remembers what it was asked to do. Any thread: a lock
/// stands for the loop. For one test.
/// </summary>
internal sealed partial class FakeManagement : IManagement
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    public static readonly QueueId Orders = QueueId.Outgoing("orders", "billing");
    public static readonly QueueId Bills = QueueId.Inbound("bills");

    private readonly Lock _lock = new();
    private readonly Channel<GatewayEvent> _events = Channel.CreateBounded<GatewayEvent>(100);

    /// <summary>When acts happen.</summary>
    public Func<DateTimeOffset> Clock { get; set; } = () => Now;

    /// <summary>Makes the state anew each time it is read.</summary>
    public Func<GatewayState> Describe { get; set; } = NewState;

    /// <summary>How the gateway stands now. What is set stays.</summary>
    public GatewayState State
    {
        get
        {
            lock (_lock) return Describe();
        }

        set
        {
            var state = value;
            Describe = () => state;
        }
    }

    /// <summary>The details of a link beyond its summary.</summary>
    public Func<GatewayState, LinkSummary, LinkDetails> DescribeLink { get; set; } = NewLinkDetails;

    /// <summary>The known steps of a message's way.</summary>
    public Func<QueueId?, FoundMessage, MessageTrace> DescribeWay { get; set; } = (_, found) => new MessageTrace(
        found.Message, found.DeadLetter, [new TraceStep(Now, "accepted", "accepted here"), new TraceStep(null, "in-doubt", "sent once")],
        Sent: 1);

    /// <summary>By number; the same for each queue that has none of its own in <see cref="Queues"/>.</summary>
    public SortedDictionary<long, StoredMessage> Messages { get; } = [];

    public Dictionary<QueueId, SortedDictionary<long, StoredMessage>> Queues { get; } = [];

    public SortedDictionary<long, (DeadLetter Letter, StoredMessage Message)> Letters { get; } = [];

    public List<AuditEntry> Audit { get; } = [];

    /// <summary>How messages stand, by number; the others wait.</summary>
    public Dictionary<long, MessageState> States { get; } = [];

    /// <summary>How many entries one call of <see cref="BrowseAsync"/> looks at.</summary>
    public int BrowsePiece { get; set; } = 3;

    /// <summary>Acts that may take long wait until this is set.</summary>
    public TaskCompletionSource? Hold { get; init; }

    /// <summary>Each search waits for this before its second piece.</summary>
    public TaskCompletionSource? SearchHold { get; set; }

    /// <summary>Set when somebody waits for <see cref="Hold"/>.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<GatewayState> ReadStateAsync(CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        return State;
    }

    /// <summary>Makes the fleet anew each time it is read.</summary>
    public Func<GatewayState, FleetState> DescribeFleet { get; set; } = NewFleet;

    public async Task<FleetState> ReadFleetAsync(bool waits, CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        return DescribeFleet(State);
    }

    public Task<QueuePage> ListQueuesAsync(QueueFilter filter, long after, int queuesMax, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var state = State;
            var found = state.Queues.Skip((int)after).Take(queuesMax).ToList();
            var upTo = after + found.Count;
            return Task.FromResult(new QueuePage(
                [.. found.Where(queue => filter.Matches(queue.Id, Math.Max(MessagesOf(queue.Id).Count, queue.Messages)))
                    .Select(queue => queue with { At = state.Now })], upTo, upTo >= state.Queues.Count));
        }
    }

    /// <summary>The routes in force.</summary>
    public IReadOnlyList<RouteSummary> Routes { get; set; } = [];

    public Task<IReadOnlyList<RouteSummary>> ReadRoutesAsync(CancellationToken cancellationToken) => Task.FromResult(Routes);

    public async Task<QueueSummary?> ReadQueueAsync(QueueId queue, CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        var state = State;
        return state.Queues.Select(known => known with { At = state.Now }).FirstOrDefault(known => known.Id == queue);
    }

    public Task<LinkDetails?> ReadLinkAsync(string peer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var state = State;
            return Task.FromResult(
                state.Links.FirstOrDefault(link => link.Status.Peer == peer) is { } link ? DescribeLink(state, link) : null);
        }
    }

    public async Task<BrowsePage> BrowseAsync(
        QueueId? queue, long after, BrowseFilter filter, MessageState? state, int entriesMax, CancellationToken cancellationToken)
    {
        if (after > 0 && SearchHold is { } hold) await hold.Task.WaitAsync(cancellationToken);
        lock (_lock)
        {
            var all = EntriesOf(queue).ToList();
            var piece = all.Where(entry => entry.Number > after).Take(BrowsePiece).ToList();
            var found = piece.Where(entry => Matches(filter, entry.Message, entry.Letter)
                && (state is null || state == StateOf(entry.Number))).Take(entriesMax).ToList();
            var upTo = found.Count == entriesMax ? found[^1].Number : piece.Count == 0 ? after : piece[^1].Number;
            return new BrowsePage([.. found.Select(entry => EntryOf(entry.Number, entry.Message, entry.Letter))],
                upTo, all.TrueForAll(entry => entry.Number <= upTo), []);
        }
    }

    public Task<FoundMessage?> ReadMessageAsync(QueueId? queue, long number, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(EntriesOf(queue).Where(entry => entry.Number == number)
                .Select(entry => new FoundMessage(entry.Message, entry.Letter)).FirstOrDefault());
        }
    }

    public Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(QueueId queue, long after, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<StoredMessage>>(
                [.. MessagesOf(queue).Values.Where(message => message.Number > after).Take(BrowsePiece)]);
        }
    }

    public async Task<MessageTrace?> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken) =>
        await ReadMessageAsync(queue, number, cancellationToken) is { } found ? DescribeWay(queue, found) : null;

    public Task<IReadOnlyList<DeadLetterGroup>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult<IReadOnlyList<DeadLetterGroup>>(
                [.. Letters.Values.Select(entry => entry.Letter).GroupBy(letter => (letter.Queue, letter.Reason)).Select(
                    group => new DeadLetterGroup(group.Key.Queue, group.Key.Reason, group.Count(), group.Sum(letter => letter.SizeBytes),
                        group.Min(letter => letter.AtUnixMs), group.Max(letter => letter.AtUnixMs)))]);
        }
    }

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<AuditEntry>>([.. Audit.OrderByDescending(entry => entry.At)]);
    }

    public async IAsyncEnumerable<GatewayEvent> WatchAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new GatewayEvent(after ?? 0, TimeProvider.System.GetUtcNow(), GatewayEvent.BeginningKind, "", "");
        await foreach (var happened in _events.Reader.ReadAllAsync(cancellationToken)) yield return happened;
    }

    public void Raise(GatewayEvent happened) => _events.Writer.TryWrite(happened);

    /// <summary>A message in the queue that the test looks into.</summary>
    public StoredMessage Add(string body, string headers = "{}", long? number = null)
    {
        var next = number ?? NextOf(Messages);
        return Messages[next] = new StoredMessage(next, NewMessage(next, Encoding.UTF8.GetBytes(body), headers), 2);
    }

    public void AddLetter(
        long number, DeadLetterReason reason, QueueId? queue = null, string headers = "{}", string text = "no") => Letters[number] = (
        new DeadLetter(number, queue ?? Orders, number + 100, 1, 50, reason, Now.ToUnixTimeMilliseconds(), text),
        new StoredMessage(number, NewMessage(number, "dead"u8.ToArray(), headers)));

    public static Message NewMessage(long number, byte[] body, string headers) => new()
    {
        Id = new MessageId(new Guid($"00000000-0000-7000-8000-{number:x12}")),
        EnqueuedUnixMs = Now.ToUnixTimeMilliseconds() + number,
        Source = "shop",
        Headers = Encoding.UTF8.GetBytes(headers),
        Body = body,
    };

    /// <summary>The number of the next message or dead letter there.</summary>
    public static long NextOf<T>(SortedDictionary<long, T> entries) => entries.Count == 0 ? 1 : entries.Keys.Last() + 1;

    /// <summary>The messages of a queue, or the dead letters.</summary>
    public IEnumerable<(long Number, StoredMessage Message, DeadLetter? Letter)> EntriesOf(QueueId? queue) => queue is { } id
        ? MessagesOf(id).Select(entry => (entry.Key, entry.Value, (DeadLetter?)null))
        : Letters.Select(entry => (entry.Key, entry.Value.Message, (DeadLetter?)entry.Value.Letter));

    public static bool Matches(BrowseFilter filter, StoredMessage stored, DeadLetter? letter)
    {
        if (letter is not null && !filter.MayMatch(letter)) return false;
        var bytes = new byte[MessageCodec.SizeBytes(stored.Message)];
        MessageCodec.Write(stored.Message, bytes);
        return MessageView.TryRead(bytes, out var view) && filter.Matches(view);
    }

    private SortedDictionary<long, StoredMessage> MessagesOf(QueueId queue) => Queues.GetValueOrDefault(queue, Messages);

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
        Deliveries = letter is null ? stored.Deliveries : null,
        State = letter is null ? StateOf(number) : null,
        DeadLetter = letter,
    };

    private Task HoldAsync(CancellationToken cancellationToken)
    {
        Asked.TrySetResult();
        return Hold?.Task.WaitAsync(cancellationToken) ?? Task.CompletedTask;
    }
}
