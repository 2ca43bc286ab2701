using Gateway.Client.Wire;
using Gateway.Links;
using Gateway.Store;
using Gateway.Store.Browsing;

namespace Gateway.Management;

/// <summary>
/// What operators see of a running gateway, and do to it. Any thread may call; each call is answered by the gateway's loop, in turn with
/// all its other work, and none of them takes long: what goes through many messages does so in bounded pieces. All that changes something
/// is written to the audit trail.
/// </summary>
internal interface IManagement
{
    /// <summary>What is waiting, for whom, since when and why. At most half a second old, however many ask.</summary>
    Task<GatewayState> ReadStateAsync(CancellationToken cancellationToken);

    /// <summary>One link with its history; null if there is no such peer and nothing waits for it.</summary>
    Task<LinkDetails?> ReadLinkAsync(string peer, CancellationToken cancellationToken);

    /// <summary>A bounded part of the queues, in the order in which they were made; it may be empty although it is not the end.</summary>
    /// <param name="after">0, or where the part before ended.</param>
    Task<QueuePage> ListQueuesAsync(QueueFilter filter, long after, int queuesMax, CancellationToken cancellationToken);

    /// <summary>One queue as it is now, listed in the state or not; null if there is none.</summary>
    Task<QueueSummary?> ReadQueueAsync(QueueId queue, CancellationToken cancellationToken);

    /// <summary>
    /// Looks for messages from above a number, as <see cref="Store.Commands.BrowseCommand"/> does: a bounded part, so a page may be empty
    /// although it is not the end.
    /// </summary>
    /// <param name="queue">Null for the dead letters, which have no state.</param>
    /// <param name="state">Only messages that stand so; null for all.</param>
    Task<BrowsePage> BrowseAsync(QueueId? queue, long after, BrowseFilter filter, MessageState? state,
        int entriesMax, CancellationToken cancellationToken);

    /// <summary>One message with its body; null if it is not there.</summary>
    /// <param name="queue">Null for a dead letter.</param>
    Task<FoundMessage?> ReadMessageAsync(QueueId? queue, long number, CancellationToken cancellationToken);

    /// <summary>The next messages with their bodies from above a number, about a megabyte at once; empty at the end.</summary>
    Task<IReadOnlyList<StoredMessage>> ReadMessagesAsync(QueueId queue, long after, CancellationToken cancellationToken);

    /// <summary>What is known of one message's way so far; null if it is not there.</summary>
    Task<MessageTrace?> TraceAsync(QueueId? queue, long number, CancellationToken cancellationToken);

    /// <summary>The dead letters by reason and queue.</summary>
    Task<IReadOnlyList<DeadLetterGroup>> ReadDeadLetterGroupsAsync(CancellationToken cancellationToken);

    /// <summary>The last <see cref="EventLog.AuditEventsMax"/> acts of operators, the latest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(CancellationToken cancellationToken);

    /// <summary>Writes to the audit trail what an operator did in another way than by one of these calls, as by an import.</summary>
    /// <param name="id">The same for the beginning and the end of it.</param>
    Task RecordAsync(Guid id, string who, string action, string about, long messages, string text, CancellationToken cancellationToken);

    /// <summary>
    /// What happens, behind an event of <see cref="GatewayEvent.BeginningKind"/> that says from where on; ends with the gateway. Whoever
    /// comes too late for some, or reads too slowly, gets an event of <see cref="GatewayEvent.MissedKind"/> in their place.
    /// </summary>
    /// <param name="after">The number of the last event that the reader has seen; null for what happens from now on.</param>
    IAsyncEnumerable<GatewayEvent> WatchAsync(long? after, CancellationToken cancellationToken);

    /// <summary>Nothing is sent to the peer until it is resumed, across restarts too. False if there is no such peer.</summary>
    Task<bool> PausePeerAsync(string peer, string why, string who, CancellationToken cancellationToken);

    Task<bool> ResumePeerAsync(string peer, string who, CancellationToken cancellationToken);

    /// <summary>
    /// Nothing leaves the queue until it is resumed, across restarts too; it still takes messages. False if there is no such queue.
    /// </summary>
    Task<bool> PauseQueueAsync(QueueId queue, string why, string who, CancellationToken cancellationToken);

    Task<bool> ResumeQueueAsync(QueueId queue, string who, CancellationToken cancellationToken);

    /// <summary>Tries the link to a peer at once; false if there is no such peer.</summary>
    Task<bool> RetryPeerAsync(string peer, string who, CancellationToken cancellationToken);

    /// <summary>Goes on with a peer whose store was put back to before what it had acknowledged, from where it stands now.</summary>
    Task<PeerAcceptance> AcceptPeerAsync(string peer, string who, CancellationToken cancellationToken);

    /// <summary>
    /// An exercise: puts a fault into the connection that this gateway has made to the peer; what comes of it is in the history of the
    /// link.
    /// </summary>
    /// <param name="stall">How long a stall lasts, at most <see cref="DrillKinds.StallMax"/>.</param>
    Task<DrillAnswer> DrillPeerAsync(string peer, DrillKind kind, TimeSpan stall, string who, CancellationToken cancellationToken);

    /// <summary>Begins an act on many messages; it goes on by itself, piece by piece, and can be watched and cancelled.</summary>
    /// <returns>How it stands, or a sentence that says why it was not begun.</returns>
    Task<(OperationStatus? Status, string Fault)> StartAsync(OperationRequest request, string who, CancellationToken cancellationToken);

    /// <summary>How an operation stands; the last hundred are remembered until the gateway stops. Null if it is not among them.</summary>
    Task<OperationStatus?> ReadOperationAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>The same, when it has ended.</summary>
    Task<OperationStatus?> WaitAsync(Guid id, CancellationToken cancellationToken);

    Task<IReadOnlyList<OperationStatus>> ReadOperationsAsync(CancellationToken cancellationToken);

    /// <summary>Ends an operation after the piece that it is at; what it did stays done. False if it does not run.</summary>
    Task<bool> CancelAsync(Guid id, string who, CancellationToken cancellationToken);

    /// <summary>Takes messages as from an application; the answer comes when they are on disk.</summary>
    Task<Reply> EnqueueAsync(Request.Enqueue request, CancellationToken cancellationToken);

    /// <summary>
    /// Up to so many messages of an inbound queue, each with a lease for their receiver to settle; waits for the first one.
    /// </summary>
    /// <param name="receiver">Who holds the leases, and alone can settle them.</param>
    Task<Received> ReceiveAsync(string receiver, string queue, int messagesMax, TimeSpan? lease, TimeSpan wait,
        CancellationToken cancellationToken);

    /// <summary>Settles a delivery, or renews its lease; the answer comes when that is on disk.</summary>
    Task<Reply> SettleAsync(string receiver, Request settle, CancellationToken cancellationToken);
}
