using Gateway.Client;
using Gateway.Client.Wire;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Tests.Management;

/// <summary>The acts requested of the gateway: each is recorded, and changes later readings.</summary>
internal sealed partial class FakeManagement
{
    /// <summary>The id of a message that was enqueued without one.</summary>
    public static readonly MessageId Made = new(new Guid("00000000-0000-7000-8000-0000000000ff"));

    private long _lastEvent;

    /// <summary>The acts, in the order of the calls.</summary>
    public List<string> Acts { get; } = [];

    public Dictionary<string, Pause> PausedPeers { get; } = [];

    public Dictionary<QueueId, Pause> PausedQueues { get; } = [];

    public Dictionary<string, Pause> PausedInlets { get; } = [];

    public List<OperationStatus> Operations { get; } = [];

    /// <summary>The last operation that was begun.</summary>
    public OperationRequest? Requested => Operations.LastOrDefault()?.Request;

    /// <summary>Why an operation is not begun; empty if it is.</summary>
    public Func<OperationRequest, string> StartFault { get; set; } = _ => "";

    /// <summary>Begins an operation, and says how it stands then.</summary>
    public Func<OperationStatus, OperationStatus> OnStart { get; set; } = status => status;

    public List<Request.Enqueue> Enqueued { get; } = [];

    public Func<Request.Enqueue, Reply> OnEnqueue { get; set; } = request =>
        new Reply.Accepted(request.Id, [.. request.Items.Select(item => item.Id ?? Made)]);

    public List<Reply.Delivery> Deliveries { get; } = [];

    public Reply.Rejected? Refusal { get; set; }

    public Func<Request, Reply> OnSettle { get; set; } = settle => new Reply.Settled(RequestId.FromNumber(1));

    /// <summary>The answer to a drill of a peer.</summary>
    public DrillAnswer Drill { get; set; }

    /// <summary>The peers' stores were put back, and nobody has accepted that yet.</summary>
    public bool WentBack { get; set; }

    /// <summary>The entries that callers wrote to the audit trail in their own words.</summary>
    public List<string> Recorded { get; } = [];

    public Task RecordAsync(Guid id, string who, string action, string about, long messages, string text,
        CancellationToken cancellationToken)
    {
        lock (_lock) Recorded.Add($"{who} {action} {about} {messages} {text}");
        return Task.CompletedTask;
    }

    public Task<bool> PausePeerAsync(string peer, string why, string who, CancellationToken cancellationToken) => ActAsync(
        "pause", peer, who, IsPeer(peer), () => PausedPeers[peer] = new Pause(Clock(), who, why), why);

    public Task<bool> ResumePeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        ActAsync("resume", peer, who, IsPeer(peer), () => PausedPeers.Remove(peer));

    public Task<bool> PauseQueueAsync(QueueId queue, string why, string who, CancellationToken cancellationToken) => ActAsync(
        "pause", $"{queue}", who, IsQueue(queue), () => PausedQueues[queue] = new Pause(Clock(), who, why), why);

    public Task<bool> ResumeQueueAsync(QueueId queue, string who, CancellationToken cancellationToken) =>
        ActAsync("resume", $"{queue}", who, IsQueue(queue), () => PausedQueues.Remove(queue));

    public Task<bool> PauseInletAsync(string inlet, string why, string who, CancellationToken cancellationToken) => ActAsync(
        "pause", $"inlet {inlet}", who, IsInlet(inlet), () => PausedInlets[inlet] = new Pause(Clock(), who, why), why);

    public Task<bool> ResumeInletAsync(string inlet, string who, CancellationToken cancellationToken) =>
        ActAsync("resume", $"inlet {inlet}", who, IsInlet(inlet), () => PausedInlets.Remove(inlet));

    public Task<bool> RetryPeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        ActAsync("retry", peer, who, IsPeer(peer), () => { });

    public async Task<PeerAcceptance> AcceptPeerAsync(string peer, string who, CancellationToken cancellationToken)
    {
        var wentBack = WentBack;
        if (!await ActAsync("accept", peer, who, IsPeer(peer), () => WentBack = false)) return PeerAcceptance.NoPeer;
        return wentBack ? PeerAcceptance.Accepted : PeerAcceptance.NothingToAccept;
    }

    public async Task<DrillAnswer> DrillPeerAsync(
        string peer, DrillKind kind, TimeSpan stall, string who, CancellationToken cancellationToken) =>
        await ActAsync("drill", $"{peer} {kind} {stall}", who, IsPeer(peer), () => { }) ? Drill : DrillAnswer.NoPeer;

    public Task<(OperationStatus? Status, string Fault)> StartAsync(
        OperationRequest request, string who, CancellationToken cancellationToken)
    {
        if (StartFault(request) is { Length: > 0 } fault) return Task.FromResult<(OperationStatus?, string)>((null, fault));
        lock (_lock)
        {
            var now = Clock();
            var status = OnStart(
                new OperationStatus { Id = Guid.CreateVersion7(now), Request = request, Who = who, StartedAt = now, Total = 7 });
            Operations.Add(status);
            Note($"{request.Kind}", $"{request.Queue}", who, status.Total, request.Why);
            return Task.FromResult<(OperationStatus?, string)>((status, ""));
        }
    }

    public Task<OperationStatus?> ReadOperationAsync(Guid id, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(Operations.Find(operation => operation.Id == id));
    }

    /// <summary>The running operations end when a caller waits for them, with two of their messages left where they were.</summary>
    public async Task<OperationStatus?> WaitAsync(Guid id, CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        lock (_lock)
        {
            var index = Operations.FindIndex(operation => operation.Id == id);
            if (index < 0) return null;
            if (Operations[index].State != OperationState.Running) return Operations[index];
            return Operations[index] = Operations[index] with
            { State = OperationState.Done, EndedAt = Clock(), Scanned = 7, Changed = 5, Left = 2 };
        }
    }

    public Task<IReadOnlyList<OperationStatus>> ReadOperationsAsync(CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult<IReadOnlyList<OperationStatus>>([.. Operations]);
    }

    /// <summary>Releases the callers that wait for the end of an operation.</summary>
    public Task<bool> CancelAsync(Guid id, string who, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var index = Operations.FindIndex(operation => operation.Id == id && operation.State == OperationState.Running);
            Acts.Add($"cancel {who}");
            if (index >= 0) Operations[index] = Operations[index] with { State = OperationState.Cancelled, EndedAt = Clock() };
            Hold?.TrySetResult();
            return Task.FromResult(index >= 0);
        }
    }

    public Task<Reply> EnqueueAsync(Request.Enqueue request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Enqueued.Add(request);
            return Task.FromResult(OnEnqueue(request));
        }
    }

    public async Task<Received> ReceiveAsync(
        string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait, CancellationToken cancellationToken)
    {
        await HoldAsync(cancellationToken);
        lock (_lock)
        {
            Acts.Add($"receive {receiver} {queue} {messagesMax} {lease} {wait}");
            return new Received([.. Deliveries.Take(messagesMax)], Refusal);
        }
    }

    public Task<Reply> SettleAsync(string receiver, Request settle, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Acts.Add($"settle {receiver} {settle}");
            return Task.FromResult(OnSettle(settle));
        }
    }

    private bool IsPeer(string peer) => State.Links.Any(link => link.Status.Peer == peer);

    private bool IsInlet(string inlet) => State.Inlets.Any(known => known.Name == inlet);

    private bool IsQueue(QueueId queue) => State.Queues.Any(known => known.Id == queue);

    /// <param name="why">Only of acts that have a reason.</param>
    private Task<bool> ActAsync(string action, string about, string who, bool isKnown, Action act, string? why = null)
    {
        lock (_lock)
        {
            Acts.Add(why is null ? $"{action} {about} {who}" : $"{action} {about} '{why}' {who}");
            if (isKnown)
            {
                act();
                Note(action, about, who, 0, why ?? "");
            }

            return Task.FromResult(isKnown);
        }
    }

    private void Note(string action, string about, string who, long messages, string text)
    {
        Audit.Add(new AuditEntry(Guid.NewGuid(), Clock(), who, action.ToLowerInvariant(), about, messages, text));
        Raise(new GatewayEvent(++_lastEvent, Clock(), "audit", about, $"{action} by {who}"));
    }
}
