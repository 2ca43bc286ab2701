using Gateway.Client.Wire;
using Gateway.Links.Protocol;
using Gateway.Store.Browsing;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Management;

/// <summary>
/// The operators' API of a running gateway. Any thread may call it, concurrently; the gateway's loop answers each call in turn with its
/// other work. No call takes long: those over many messages work in limited pieces. Every change is recorded in the audit trail.
/// </summary>
internal interface IManagement
{
    /// <summary>
    /// Returns the state: what waits, for whom, since when and why. At most half a second old, however many callers there are.
    /// </summary>
    Task<GatewayState> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Returns this gateway and its peers, as far as they tell of themselves, the worst first. Asks the peers, each at a limited rate, and
    /// never waits for one that does not answer.
    /// </summary>
    /// <param name="waits">The answers that come within a second are preferred to earlier ones; otherwise it returns at once.</param>
    Task<FleetState> ReadFleetAsync(bool waits, CancellationToken cancellationToken);

    /// <summary>Returns one link with its history; null if there is no such peer and nothing waits for it.</summary>
    Task<LinkDetails?> ReadLinkAsync(string peer, CancellationToken cancellationToken);

    /// <summary>Returns one page of the queues, in the order of their creation; it may be empty before the end.</summary>
    /// <param name="after">0, or the end of the page before.</param>
    Task<QueuePage> ListQueuesAsync(QueueFilter filter, long after, int queuesMax, CancellationToken cancellationToken);

    /// <summary>Returns the routes in force, by name, with the standing of their destinations.</summary>
    Task<IReadOnlyList<RouteSummary>> ReadRoutesAsync(CancellationToken cancellationToken);

    /// <summary>Returns the current state of one queue, listed in the state or not; null if there is none.</summary>
    Task<QueueSummary?> ReadQueueAsync(QueueId queue, CancellationToken cancellationToken);

    /// <summary>
    /// Searches the messages after a number, as <see cref="Store.Commands.BrowseCommand"/> does. Each call searches a limited piece, so a
    /// page may be empty before the end.
    /// </summary>
    /// <param name="queue">Null for the dead letters, which have no state.</param>
    /// <param name="state">Only messages in this state; null for all.</param>
    Task<BrowsePage> BrowseAsync(QueueId? queue, long after, BrowseFilter filter, MessageState? state,
        int entriesMax, CancellationToken cancellationToken);

    /// <summary>Returns one message with its body; null if it is not there.</summary>
    /// <param name="queue">Null for a dead letter.</param>
    Task<FoundMessage?> ReadMessageAsync(QueueId? queue, long number, CancellationToken cancellationToken);

    /// <summary>Returns the next messages after a number with their bodies, about a megabyte at a time; empty at the end.</summary>
    Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(QueueId queue, long after, CancellationToken cancellationToken);

    /// <summary>Returns the known history of one message; null if it is not there.</summary>
    Task<MessageTrace?> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken);

    /// <summary>Returns the dead letters grouped by reason and queue.</summary>
    Task<IReadOnlyList<DeadLetterGroup>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken);

    /// <summary>Returns the last <see cref="EventLog.AuditEventsMax"/> acts of operators, latest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(CancellationToken cancellationToken);

    /// <summary>Records in the audit trail an operator's act that is no single call of this interface, such as an import.</summary>
    /// <param name="id">The same for its beginning and its end.</param>
    Task RecordAsync(Guid id, string who, string action, string about, long messages, string text, CancellationToken cancellationToken);

    /// <summary>
    /// Streams events as they happen, after an event of <see cref="GatewayEvent.BeginningKind"/> that gives the starting position; ends
    /// with the gateway. A reader that comes too late or reads too slowly gets an event of <see cref="GatewayEvent.MissedKind"/> in place
    /// of the missed ones.
    /// </summary>
    /// <param name="after">The number of the last event the reader has seen; null for new events only.</param>
    IAsyncEnumerable<GatewayEvent> WatchAsync(long? after, CancellationToken cancellationToken);

    /// <summary>
    /// Stops sending to the peer until it is resumed, also across restarts; durable on return. False if there is no such peer.
    /// </summary>
    Task<bool> PausePeerAsync(string peer, string why, string who, CancellationToken cancellationToken);

    Task<bool> ResumePeerAsync(string peer, string who, CancellationToken cancellationToken);

    /// <summary>
    /// Stops delivery from the queue until it is resumed, also across restarts; the queue still accepts messages. Durable on return. False
    /// if there is no such queue.
    /// </summary>
    Task<bool> PauseQueueAsync(QueueId queue, string why, string who, CancellationToken cancellationToken);

    Task<bool> ResumeQueueAsync(QueueId queue, string who, CancellationToken cancellationToken);

    /// <summary>
    /// The inlet accepts no program and reads nothing until it is resumed, also across restarts. Durable on return. False if there is no
    /// such inlet.
    /// </summary>
    Task<bool> PauseInletAsync(string inlet, string why, string who, CancellationToken cancellationToken);

    Task<bool> ResumeInletAsync(string inlet, string who, CancellationToken cancellationToken);

    /// <summary>Retries the link to a peer at once; false if there is no such peer.</summary>
    Task<bool> RetryPeerAsync(string peer, string who, CancellationToken cancellationToken);

    /// <summary>
    /// Accepts a peer whose store was restored to a state before its own acknowledgements, and continues from its current position.
    /// </summary>
    Task<PeerAcceptance> AcceptPeerAsync(string peer, string who, CancellationToken cancellationToken);

    /// <summary>A drill: injects a fault into this gateway's connection to the peer. The link's history shows the consequences.</summary>
    /// <param name="stall">The length of a stall, at most <see cref="DrillKinds.StallMax"/>.</param>
    Task<DrillAnswer> DrillPeerAsync(string peer, DrillKind kind, TimeSpan stall, string who, CancellationToken cancellationToken);

    /// <summary>Starts an operation on many messages. It proceeds by itself, piece by piece, and can be watched and cancelled.</summary>
    /// <returns>The operation's status, or a sentence that says why it was not started.</returns>
    Task<(OperationStatus? Status, string Fault)> StartAsync(OperationRequest request, string who, CancellationToken cancellationToken);

    /// <summary>Returns the status of an operation; null if unknown. The last hundred are remembered until the gateway stops.</summary>
    Task<OperationStatus?> ReadOperationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Waits for the end of an operation and returns its status.</summary>
    Task<OperationStatus?> WaitAsync(Guid id, CancellationToken cancellationToken);

    Task<IReadOnlyList<OperationStatus>> ReadOperationsAsync(CancellationToken cancellationToken);

    /// <summary>Ends an operation after its current piece; completed work stays. False if it does not run.</summary>
    Task<bool> CancelAsync(Guid id, string who, CancellationToken cancellationToken);

    /// <summary>Enqueues messages as an application does; completes once they are on disk.</summary>
    Task<Reply> EnqueueAsync(Request.Enqueue request, CancellationToken cancellationToken);

    /// <summary>
    /// Receives up to <paramref name="messagesMax"/> messages of an inbound queue, each with a lease that the receiver must settle; waits
    /// for the first one.
    /// </summary>
    /// <param name="receiver">The holder of the leases, who alone can settle them.</param>
    Task<Received> ReceiveAsync(string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait,
        CancellationToken cancellationToken);

    /// <summary>Settles a delivery or renews its lease; completes once the settlement is on disk.</summary>
    Task<Reply> SettleAsync(string receiver, Request settle, CancellationToken cancellationToken);
}
