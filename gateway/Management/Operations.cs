using Gateway.Client;
using Gateway.Intake;
using Gateway.Store;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>
/// Operations on many messages, piece by piece: finds a page of messages, changes them, and continues after the page. While an operation
/// runs its queue is shut, so that no message moves while it is taken; all other queues continue. A pure state machine, owned by the loop.
/// </summary>
/// <param name="next">Receives messages that have got a new place.</param>
internal sealed class Operations(
    LoopClock clock,
    IStoreInput store,
    QueueGates gates,
    Destinations destinations,
    AuditTrail audit,
    INextStep next)
{
    /// <summary>The completed operations that are remembered.</summary>
    private const int RememberedMax = 100;
    private const int RunningMax = 8;
    private const int PageEntriesMax = 1000;

    private readonly List<Operation> _operations = [];

    public IReadOnlyList<OperationStatus> All => [.. _operations.Select(operation => operation.Status)];

    /// <summary>The operation running on a queue; null if there is none.</summary>
    public Guid? RunningOn(QueueId queue) => Running.FirstOrDefault(operation => operation.Status.Request.Queue == queue)?.Status.Id;

    /// <summary>Another configuration has added a peer: the queues of it that operations work on stay shut.</summary>
    public void OnPeerAdded(string peer)
    {
        foreach (var operation in Running)
        {
            if (operation.Status.Request.Queue is { Kind: QueueKind.Outgoing } queue && queue.Peer == peer) gates.Shut(queue);
        }
    }

    private IEnumerable<Operation> Running => _operations.Where(operation => operation.Status.State == OperationState.Running);

    /// <param name="total">The number of messages in the queue, or of dead letters.</param>
    /// <param name="first">The number of the first one.</param>
    /// <param name="last">The last number assigned; later messages are not touched.</param>
    /// <returns>A sentence that says why the operation was not started; null if it was.</returns>
    public string? Start(OperationRequest request, string who, long total, long first, long last, out OperationStatus? status)
    {
        status = null;
        if (Fault(request) is { } fault) return fault;
        status = new OperationStatus
        {
            Id = MessageId.New(clock.Now).Value,
            Request = request,
            Who = who,
            StartedAt = clock.Now,
            Total = request.Number is null ? total : 1
        };
        var operation = new Operation(status, request.Number ?? last) { After = (request.Number ?? first) - 1 };
        _operations.Add(operation);
        Forget();
        Write(operation, 0, "begun");
        if (request.Queue is { } queue) gates.Shut(queue);
        Look(operation);
        return null;
    }

    public OperationStatus? Find(Guid id) => _operations.Find(operation => operation.Status.Id == id)?.Status;

    /// <summary>Ends an operation after its current piece; false if it does not run.</summary>
    public bool Cancel(Guid id)
    {
        if (Running.FirstOrDefault(operation => operation.Status.Id == id) is not { } found) return false;
        found.IsCancelled = true;
        return true;
    }

    /// <summary>Calls back once the operation has ended, at once if it already has.</summary>
    public void WhenEnded(Guid id, Action<OperationStatus?> ended)
    {
        if (Running.FirstOrDefault(operation => operation.Status.Id == id) is { } running) running.Ended.Add(ended);
        else ended(Find(id));
    }

    private string? Fault(OperationRequest request)
    {
        if (Running.Count() >= RunningMax) return $"{RunningMax} operations run already; wait for one of them, or cancel it";
        if (request.Queue is { } queue && RunningOn(queue) is { } other)
            return $"operation {other} runs on {queue}; wait for it, or cancel it";
        if (request.Kind is OperationKind.DeadLetter or OperationKind.Redirect && request.Queue is null)
            return $"{request.Kind} is for messages of a queue; name one, or return the dead letters";
        if (request.Kind == OperationKind.Return && request.Queue is not null)
            return "only dead letters are returned; redirect the messages of a queue";
        if (request.Kind == OperationKind.Redirect && request.Destination.Length == 0)
            return "name the destination, as queue@peer";
        return request.Destination.Length == 0 || request.Kind is OperationKind.Purge or OperationKind.DeadLetter
            ? null : Resolve(request, out _, out _);
    }

    /// <summary>Finds the queue to which the messages go, or how they are spread over several; or returns why there is none.</summary>
    private string? Resolve(OperationRequest request, out QueueId? target, out Spread? spread)
    {
        (target, spread) = (null, null);
        if (request.Destination.Length == 0) return null;
        if (destinations.Find(request.Destination, out var targets) is var (_, text)) return text;
        spread = destinations.SpreadOf(request.Destination, targets, messages: PageEntriesMax);
        if (spread is not null && request.Queue is { } source && targets.Contains(source))
            return $"{source} is a destination of the route '{request.Destination}', and new messages still go there; remove it from the "
                + "route, and then redirect what is in it";
        if (spread is not null) return null;
        if (targets.Count != 1) return $"'{request.Destination}' is a route that copies to {Figures.Counted(targets.Count, "queue")}; "
            + "name one of them";
        target = targets[0];
        return target == request.Queue ? $"the messages are in {target} already" : null;
    }

    private void Look(Operation operation)
    {
        var request = operation.Status.Request;
        store.Submit(new BrowseCommand(request.Queue, operation.After, request.Filter, request.Number is null ? PageEntriesMax : 1,
            page => OnFound(operation, page)));
    }

    private void OnFound(Operation operation, BrowsePage page)
    {
        var request = operation.Status.Request;
        var numbers = page.Entries.Select(entry => entry.Number).Where(number => number <= operation.Last).ToList();
        var taken = request.Queue is { } queue ? numbers.Where(number => !gates.IsOut(queue, number, request.IncludeInDoubt))
            .ToList() : numbers;
        var scanned = page.ScannedUpTo - operation.After;
        operation.After = page.ScannedUpTo;
        operation.IsAtEnd = page.IsEnd || page.ScannedUpTo >= operation.Last || request.Number is not null;
        operation.Status = operation.Status with
        {
            Scanned = Math.Min(operation.Status.Total, operation.Status.Scanned + scanned),
            Left = operation.Status.Left + numbers.Count - taken.Count,
        };
        if (request.Queue is { } from && gates.LastInDoubt(from, taken) is var last and > 0) store.Submit(new NoteTakenCommand(from, last));
        if (taken.Count == 0) GoOn(operation);
        else if (request.Kind is OperationKind.Redirect or OperationKind.Return) Redirect(operation, taken);
        else store.Submit(CommandFor(operation, taken));
    }

    /// <summary>Each piece goes by the route as it is now, so that a key's messages stay together with the new ones.</summary>
    private void Redirect(Operation operation, List<long> numbers)
    {
        var request = operation.Status.Request;
        if (Resolve(request, out var target, out var spread) is { } fault) End(operation, OperationState.Failed, fault);
        else store.Submit(new RedirectCommand(request.Queue, numbers, target, clock.Now, done =>
        {
            operation.Keyless += ((RedirectCommand)done).Keyless;
            OnDone(operation, done);
        })
        { Spread = spread });
    }

    private OperatorCommand CommandFor(Operation operation, List<long> numbers)
    {
        var request = operation.Status.Request;
        var why = request.Why.Length > 0 ? request.Why : "taken out by an operator";
        return request switch
        {
            { Kind: OperationKind.Purge } => new PurgeCommand(request.Queue, numbers, done => OnDone(operation, done)),
            { Kind: OperationKind.DeadLetter, Queue: { } queue } =>
                new BuryCommand(queue, numbers, clock.NowUnixMs, $"{why} ({operation.Status.Who})", done => OnDone(operation, done)),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), request.Kind, "an operation that moves messages"),
        };
    }

    private void OnDone(Operation operation, OperatorCommand done)
    {
        operation.Status = operation.Status with { Changed = operation.Status.Changed + done.Changed.Count };
        if (operation.Status.Request.Queue is { } queue) gates.OnTaken(queue, done.Changed);
        next.OnStored(done.Placed);
        if (done.Full is { } full) End(operation, OperationState.Failed, $"there is no room: {full}");
        else GoOn(operation);
    }

    private void GoOn(Operation operation)
    {
        if (operation.IsAtEnd) End(operation, OperationState.Done, "");
        else if (operation.IsCancelled) End(operation, OperationState.Cancelled, "cancelled");
        else Look(operation);
    }

    private void End(Operation operation, OperationState state, string why)
    {
        var left = operation.Status.Left == 0 ? ""
            : $"{operation.Status.Left} were left alone: a consumer holds them, or they were sent and may have arrived";
        var keyless = operation.Keyless == 0 ? ""
            : $"{operation.Keyless} stay: they have no key, by which the route chooses; redirect them to one queue@peer";
        operation.Status = operation.Status with
        {
            State = state,
            EndedAt = clock.Now,
            Scanned = state == OperationState.Done ? operation.Status.Total : operation.Status.Scanned,
            Text = string.Join("; ", new[] { why, left, keyless }.Where(text => text.Length > 0)),
        };
        if (operation.Status.Request.Queue is { } queue) gates.Open(queue);
        Write(operation, operation.Status.Changed, operation.Status.Text.Length > 0 ? $"{state}: {operation.Status.Text}" : $"{state}");
        foreach (var ended in operation.Ended) ended(operation.Status);
        operation.Ended.Clear();
    }

    private void Write(Operation operation, long messages, string text)
    {
        var request = operation.Status.Request;
        var words = new[] { text, request.Number is { } number ? $"number {number}" : DescribeFilter(request.Filter),
            request.Destination.Length > 0 ? $"to {request.Destination}" : "", request.Why };
        audit.Add(new AuditEntry(
            operation.Status.Id,
            clock.Now,
            operation.Status.Who,
            ActionOf(request.Kind),
            request.Queue?.ToString() ?? "dead letters",
            messages,
            string.Join("; ", words.Where(word => word.Length > 0))));
    }

    private static string ActionOf(OperationKind kind) =>
        kind == OperationKind.DeadLetter ? "dead-letter" : kind.ToString().ToLowerInvariant();

    private static string DescribeFilter(BrowseFilter filter) =>
        filter.Describe() is { Length: > 0 } text ? $"of those with {text}" : "all";

    private void Forget()
    {
        var ended = _operations.Where(operation => operation.Status.State != OperationState.Running).ToList();
        foreach (var operation in ended.Take(ended.Count - RememberedMax)) _operations.Remove(operation);
    }

    /// <summary>A running operation.</summary>
    private sealed class Operation(OperationStatus status, long last)
    {
        public OperationStatus Status { get; set; } = status;

        /// <summary>Messages that a route has no place for, since they have no key.</summary>
        public int Keyless { get; set; }

        public long Last { get; } = last;

        public long After { get; set; }

        public bool IsAtEnd { get; set; }

        public bool IsCancelled { get; set; }

        public List<Action<OperationStatus?>> Ended { get; } = [];
    }
}
