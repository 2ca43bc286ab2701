using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Gateway.Client.Wire;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Browsing;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Management;

/// <summary>
/// The thread-safe entrance to <see cref="ManagementCore"/>: each call becomes an event of the loop, and its answer the result of a task.
/// </summary>
/// <param name="isEnded">Cancelled once the loop has ended; unanswered calls are then cancelled.</param>
internal sealed class ManagementDoor(ManagementCore core, ILoopInput loop, IStoreInput store, CancellationToken isEnded)
    : IManagement
{
    private const int ReadMessagesMax = 1000;
    private const int ReadBytesMax = 1024 * 1024;
    private const int EventsAtOnceMax = 100;

    public Task<GatewayState> ReadStateAsync(CancellationToken cancellationToken) =>
        AskAsync<GatewayState>(core.ReadState, cancellationToken);

    public async Task<FleetState> ReadFleetAsync(bool waits, CancellationToken cancellationToken) =>
        (await AskAsync<FleetGlance>(answer => core.ReadFleet(waits, answer), cancellationToken)).Judge();

    public Task<LinkDetails?> ReadLinkAsync(string peer, CancellationToken cancellationToken) =>
        AskAsync<LinkDetails?>(answer => core.ReadLink(peer, answer), cancellationToken);

    public Task<QueuePage> ListQueuesAsync(QueueFilter filter, long after, int queuesMax, CancellationToken cancellationToken) =>
        AskAsync<QueuePage>(answer => core.ListQueues(filter, after, queuesMax, answer), cancellationToken);

    public Task<IReadOnlyList<RouteSummary>> ReadRoutesAsync(CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<RouteSummary>>(core.ReadRoutes, cancellationToken);

    public Task<QueueSummary?> ReadQueueAsync(QueueId queue, CancellationToken cancellationToken) =>
        AskAsync<QueueSummary?>(answer => core.ReadQueue(queue, answer), cancellationToken);

    public Task<BrowsePage> BrowseAsync(
        QueueId? queue, long after, BrowseFilter filter, MessageState? state, int entriesMax, CancellationToken cancellationToken) =>
        AskAsync<BrowsePage>(answer => core.Browse(queue, after, filter, state, entriesMax, answer), cancellationToken);

    public Task<FoundMessage?> ReadMessageAsync(QueueId? queue, long number, CancellationToken cancellationToken) =>
        AskAsync<FoundMessage?>(answer => store.Submit(new ReadOneCommand(queue, number, found => answer(found is
        {
            Found: null,
            DeadLetter: null, IsDamaged: false
        } ? null : new FoundMessage(found.Found, found.DeadLetter)))), cancellationToken);

    public Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(QueueId queue, long after, CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<StoredMessage>>(
            answer => store.Submit(new ReadQueueCommand(queue, after, ReadMessagesMax, ReadBytesMax, answer)), cancellationToken);

    public Task<MessageTrace?> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken) =>
        AskAsync<MessageTrace?>(answer => core.Trace(queue, number, answer), cancellationToken);

    public Task<IReadOnlyList<DeadLetterGroup>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<DeadLetterGroup>>(answer => CountDeadLetters(new DeadLetterCounts(), answer), cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<AuditEntry>>(answer => answer(core.Audit), cancellationToken);

    public Task RecordAsync(Guid id, string who, string action, string about, long messages, string text,
        CancellationToken cancellationToken) => AskAsync<bool>(
        answer =>
        {
            core.Record(id, who, action, about, messages, text);
            answer(true);
        },
        cancellationToken);

    public async IAsyncEnumerable<GatewayEvent> WatchAsync(long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, isEnded);
        // One signal stands for any number of events; none is buffered for a reader that does not read.
        var news = Channel.CreateBounded<bool>(
            new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true, SingleWriter = true });
        void Tell() => news.Writer.TryWrite(true);

        loop.Post(() => core.Events.Watch(Tell));
        try
        {
            var beginning = await AskAsync<GatewayEvent>(answer => answer(core.BeginningOf(after)), ends.Token);
            yield return beginning;
            for (var position = beginning.Number; ;)
            {
                var piece = await AskAsync<IReadOnlyList<GatewayEvent>>(
                    answer => answer(core.Events.ReadAfter(position, EventsAtOnceMax)), ends.Token);
                foreach (var told in piece) yield return told;
                if (piece.Count > 0) position = piece[^1].Number;
                else await news.Reader.ReadAsync(ends.Token);
            }
        }
        finally
        {
            loop.Post(() => core.Events.Unwatch(Tell));
        }
    }

    public Task<bool> PausePeerAsync(string peer, string why, string who, CancellationToken cancellationToken) =>
        AskAsync<bool>(answer => core.PausePeer(peer, why, who, answer), cancellationToken);

    public Task<bool> ResumePeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        AskAsync<bool>(answer => core.ResumePeer(peer, who, answer), cancellationToken);

    public Task<bool> PauseQueueAsync(QueueId queue, string why, string who, CancellationToken cancellationToken) =>
        AskAsync<bool>(answer => core.PauseQueue(queue, why, who, answer), cancellationToken);

    public Task<bool> ResumeQueueAsync(QueueId queue, string who, CancellationToken cancellationToken) =>
        AskAsync<bool>(answer => core.ResumeQueue(queue, who, answer), cancellationToken);

    public Task<bool> PauseInletAsync(string inlet, string why, string who, CancellationToken cancellationToken) =>
        AskAsync<bool>(answer => core.PauseInlet(inlet, why, who, answer), cancellationToken);

    public Task<bool> ResumeInletAsync(string inlet, string who, CancellationToken cancellationToken) =>
        AskAsync<bool>(answer => core.ResumeInlet(inlet, who, answer), cancellationToken);

    public Task<bool> RetryPeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        AskAsync<bool>(answer => core.RetryPeer(peer, who, answer), cancellationToken);

    public Task<PeerAcceptance> AcceptPeerAsync(string peer, string who, CancellationToken cancellationToken) =>
        AskAsync<PeerAcceptance>(answer => core.AcceptPeer(peer, who, answer), cancellationToken);

    public Task<DrillAnswer> DrillPeerAsync(string peer, DrillKind kind, TimeSpan stall, string who, CancellationToken cancellationToken) =>
        AskAsync<DrillAnswer>(answer => answer(core.DrillPeer(peer, kind, stall, who)), cancellationToken);

    public Task<(OperationStatus? Status, string Fault)> StartAsync(
        OperationRequest request, string who, CancellationToken cancellationToken) =>
        AskAsync<(OperationStatus?, string)>(answer => core.Start(request, who, answer), cancellationToken);

    public Task<OperationStatus?> ReadOperationAsync(Guid id, CancellationToken cancellationToken) =>
        AskAsync<OperationStatus?>(answer => answer(core.FindOperation(id)), cancellationToken);

    public Task<OperationStatus?> WaitAsync(Guid id, CancellationToken cancellationToken) =>
        AskAsync<OperationStatus?>(answer => core.WhenEnded(id, answer), cancellationToken);

    public Task<IReadOnlyList<OperationStatus>> ReadOperationsAsync(CancellationToken cancellationToken) =>
        AskAsync<IReadOnlyList<OperationStatus>>(answer => answer(core.Operations), cancellationToken);

    public Task<bool> CancelAsync(Guid id, string who, CancellationToken cancellationToken) =>
        AskAsync<bool>(answer => answer(core.Cancel(id, who)), cancellationToken);

    public Task<Reply> EnqueueAsync(Request.Enqueue request, CancellationToken cancellationToken) =>
        AskAsync<Reply>(answer => core.Enqueue(request, answer), cancellationToken);

    public async Task<Received> ReceiveAsync(
        string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait, CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource<Received>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<Received> answer = answered.SetResult;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, isEnded);
        loop.Post(() => core.Receive(receiver, queue, messagesMax, lease, wait, answer));
        try
        {
            return await answered.Task.WaitAsync(ends.Token);
        }
        catch (OperationCanceledException)
        {
            loop.Post(() => core.EndReceive(answer));
            throw;
        }
    }

    public Task<Reply> SettleAsync(string receiver, Request settle, CancellationToken cancellationToken) =>
        AskAsync<Reply>(answer => core.Settle(receiver, settle, answer), cancellationToken);

    /// <summary>Counts in pieces, since others need the store too.</summary>
    private void CountDeadLetters(DeadLetterCounts counts, Action<IReadOnlyList<DeadLetterGroup>> answer) =>
        store.Submit(new GroupDeadLettersCommand(counts, counted =>
    {
        if (counted.IsEnd) answer(counts.Groups);
        else CountDeadLetters(counts, answer);
    }));

    private async Task<T> AskAsync<T>(Action<Action<T>> ask, CancellationToken cancellationToken)
    {
        var answered = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, isEnded);
        loop.Post(() => ask(answer => answered.TrySetResult(answer)));
        return await answered.Task.WaitAsync(ends.Token);
    }
}
