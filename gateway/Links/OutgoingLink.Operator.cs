using Gateway.Client.Wire;
using Gateway.Store;

namespace Gateway.Links;

/// <summary>What an operator does to a link, and what is asked about its queues before that.</summary>
internal sealed partial class OutgoingLink
{
    /// <summary>Why this gateway took no more messages for the peer when it was last asked; empty if it does.</summary>
    public string FullHere { get; private set; } = "";

    /// <summary>Whether it was a limit of the configuration, or the disk.</summary>
    public LinkCause FullHereCause { get; private set; }

    /// <summary>An application's message for the peer was refused, since there is no room for it here.</summary>
    /// <param name="cause"><see cref="LinkCause.LocalQuota"/> or <see cref="LinkCause.LocalDisk"/>.</param>
    public void OnRefusedHere(string why, LinkCause cause = LinkCause.LocalQuota)
    {
        FullHere = WireText.Cut(why, EvidenceBytesMax);
        FullHereCause = cause;
        // When the link is down for another cause, that one is why there is no room.
        if (Status is { State: LinkState.Up, Cause: not LinkCause.PeerRefuses } && Status.Cause != cause)
            SetStatus(LinkState.Up, cause, FullHere);
    }

    /// <summary>An operator's word: hangs up, and makes no connection until <see cref="Resume"/>.</summary>
    /// <param name="evidence">Who, when and why.</param>
    public void Pause(string evidence) => Drop(LinkCause.PausedByOperator, evidence, LinkState.Paused);

    public void Resume()
    {
        if (Status.State == LinkState.Paused) Connect();
    }

    /// <summary>Sends nothing of a queue until it is let go again: an operator works on it, or has paused it.</summary>
    public void Hold(QueueId queue) => QueueOf(queue).Hold();

    public void LetGo(QueueId queue)
    {
        var held = QueueOf(queue);
        held.LetGo();
        OnMore(held);
    }

    /// <summary>
    /// Messages of the queue up to this number may be with the peer although they are not acknowledged, and must not expire here; 0 if
    /// none.
    /// </summary>
    public long InDoubtUpTo(QueueId queue) => _queues.Find(queue.LocalName)?.InDoubtUpTo ?? 0;

    /// <summary>How far the queue was sent on this connection; 0 without one.</summary>
    public long SentUpTo(QueueId queue) => Status.State == LinkState.Up ? _queues.Find(queue.LocalName)?.Sent ?? 0 : 0;

    /// <summary>How often a message of the queue was given to a connection since the gateway started.</summary>
    public int TimesSent(QueueId queue, long number) => _queues.Find(queue.LocalName)?.TimesSent(number) ?? 0;

    /// <summary>An operator's word: tries at once, whatever the backoff says.</summary>
    public void Retry()
    {
        if (Status.State == LinkState.Down) Connect();
    }

    /// <summary>
    /// An operator's exercise: puts a fault into the connection, and says so in the history. False when the link is not up.
    /// </summary>
    /// <param name="duration">How long a stall lasts.</param>
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
