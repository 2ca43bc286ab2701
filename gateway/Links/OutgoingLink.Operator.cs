using Gateway.Client.Wire;
using Gateway.Store;

namespace Gateway.Links;

/// <summary>The operators' actions on a link, and the questions about its queues that precede them.</summary>
internal sealed partial class OutgoingLink
{
    /// <summary>Why this gateway last rejected messages for the peer; empty if it accepts them.</summary>
    public string FullHere { get; private set; } = "";

    /// <summary>Whether the reason was a configured limit or the disk.</summary>
    public LinkCause FullHereCause { get; private set; }

    /// <summary>An application's message for the peer was rejected for lack of space here.</summary>
    /// <param name="cause"><see cref="LinkCause.LocalQuota"/> or <see cref="LinkCause.LocalDisk"/>.</param>
    public void OnRefusedHere(string why, LinkCause cause = LinkCause.LocalQuota)
    {
        FullHere = WireText.Cut(why, EvidenceBytesMax);
        FullHereCause = cause;
        // If the link is down for another cause, that cause explains the lack of space.
        if (Status is { State: LinkState.Up, Cause: not LinkCause.PeerRefuses } && Status.Cause != cause)
            SetStatus(LinkState.Up, cause, FullHere);
    }

    /// <summary>Pauses the link for an operator: hangs up, and makes no connection until <see cref="Resume"/>.</summary>
    /// <param name="evidence">Who paused it, when and why.</param>
    public void Pause(string evidence) => Drop(LinkCause.PausedByOperator, evidence, LinkState.Paused);

    public void Resume()
    {
        if (Status.State == LinkState.Paused) Connect();
    }

    /// <summary>Suspends sending from a queue until <see cref="LetGo"/>: an operator works on it or has paused it.</summary>
    public void Hold(QueueId queue) => QueueOf(queue).Hold();

    public void LetGo(QueueId queue)
    {
        var held = QueueOf(queue);
        held.LetGo();
        OnMore(held);
    }

    /// <summary>
    /// Messages of the queue up to this number may be at the peer although unacknowledged, and must not expire here; 0 if none is.
    /// </summary>
    public long InDoubtUpTo(QueueId queue) => _queues.Find(queue.LocalName)?.InDoubtUpTo ?? 0;

    /// <summary>The number up to which the queue was sent on this connection; 0 without a connection.</summary>
    public long SentUpTo(QueueId queue) => Status.State == LinkState.Up ? _queues.Find(queue.LocalName)?.Sent ?? 0 : 0;

    /// <summary>The number of times a message of the queue was given to a connection since the gateway started.</summary>
    public int TimesSent(QueueId queue, long number) => _queues.Find(queue.LocalName)?.TimesSent(number) ?? 0;

    /// <summary>Retries at once for an operator, regardless of the backoff.</summary>
    public void Retry()
    {
        if (Status.State == LinkState.Down) Connect();
    }

    /// <summary>
    /// Injects a fault into the connection for an operator's drill, and records it in the history. False if the link is not up.
    /// </summary>
    /// <param name="duration">The length of a stall.</param>
    public bool Drill(DrillKind kind, TimeSpan duration)
    {
        if (Status.State != LinkState.Up) return false;
        History.Add(new LinkChange(_clock.Now, Status.State, Status.Cause,
            $"a drill ({DrillKinds.NameOf(kind)}) was put into the connection by an operator's word"));
        LogDrill(PeerName, DrillKinds.NameOf(kind));
        _connection.Drill(kind, duration);
        return true;
    }

    private void OnRoomHere()
    {
        FullHere = "";
        if (Status is { State: LinkState.Up, Cause: LinkCause.LocalQuota or LinkCause.LocalDisk })
            SetStatus(LinkState.Up, LinkCause.None, "there is room again for the peer's messages");
    }
}
