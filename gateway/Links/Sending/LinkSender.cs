using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Messages;

namespace Gateway.Links.Sending;

/// <summary>
/// Sends the messages of a link's queues in turn, within the windows of the peer and of the line. Queues for which the peer has no room
/// wait in a line of their own. Owned by its link.
/// </summary>
/// <param name="runBeganUnixMs">The start of this run of the gateway: messages accepted before it are checked once more.</param>
internal sealed class LinkSender(
    LinkSettings settings,
    LoopClock clock,
    IStoreInput store,
    OutgoingQueues queues,
    LinkStanding standing,
    OutgoingConnection connection,
    OwnPast past,
    long runBeganUnixMs,
    ILinkTelemetry telemetry) : ISendTurns
{
    private readonly RoomLine _roomLine = new();
    private LinkLimits _peerLimits = settings.Limits;
    private long _storedBytes;

    /// <summary>What the peer takes, as it has said last; our own limits before.</summary>
    public LinkLimits PeerLimits => _peerLimits;

    /// <summary>The time at which the next queue may ask the peer for room; null if none waits for a time.</summary>
    public TimeSpan? NextTurnInRoomLine => _roomLine.NextTurn;

    /// <summary>A connection is up.</summary>
    public void OnWelcome(LinkLimits limits) => _peerLimits = limits;

    /// <summary>The connection is lost: nothing is sent.</summary>
    public void OnLost()
    {
        queues.EndConnection();
        _roomLine.Clear();
    }

    /// <summary>Adds a queue; it is not yet prepared for a connection.</summary>
    public OutgoingQueue Add(QueueId id)
    {
        var queue = new OutgoingQueue(id, store, queues, this, telemetry, runBeganUnixMs, clock.Setbacks);
        queues.Add(queue);
        return queue;
    }

    /// <summary>Finds the queue, or adds it.</summary>
    public OutgoingQueue QueueOf(QueueId id)
    {
        if (queues.Find(id.LocalName) is { } known) return known;
        var queue = Add(id);
        if (standing.IsUp) queue.OpenWhenStored();
        else queue.Suspend();
        return queue;
    }

    /// <summary>Removes queues with nothing under way.</summary>
    public void Remove(IReadOnlyList<OutgoingQueue> idle)
    {
        foreach (var queue in idle)
        {
            LeaveRoomLine(queue);
            queues.Remove(queue);
        }
    }

    /// <summary>
    /// A message has got its place. It is sent together with others stored with it: at once when they fill a batch, otherwise by
    /// <see cref="SendStored"/>.
    /// </summary>
    public void OnStored(QueueId id, StoredMessage message)
    {
        var queue = QueueOf(id);
        queue.OnStored(message);
        if (standing.IsUp) queues.GiveTurn(queue);
        else queue.Note();
        _storedBytes += MessageCodec.SizeBytes(message.Message);
        if (_storedBytes >= settings.BatchBytes) SendStored();
    }

    /// <summary>Sends the stored messages; called when all messages stored together have been reported.</summary>
    public void SendStored()
    {
        if (_storedBytes == 0) return;
        _storedBytes = 0;
        Pump();
    }

    /// <inheritdoc/>
    public void OnMore(OutgoingQueue queue)
    {
        if (!standing.IsUp) return;
        queues.GiveTurn(queue);
        Pump();
    }

    /// <summary>The peer has taken something of the queue: it has room.</summary>
    public void OnTaken(OutgoingQueue queue)
    {
        _roomLine.OnTaken(queue);
        GiveTurnToRoomLine();
    }

    /// <summary>The peer stands at this number of the queue and has no room for more.</summary>
    /// <param name="isShared">It has none for other queues either.</param>
    public void OnRefused(OutgoingQueue queue, long number, TimeSpan retryAfter, bool isShared)
    {
        if (isShared)
        {
            _roomLine.OnRefused(queue, number, clock.Uptime, retryAfter);
        }
        else
        {
            _roomLine.Leave(queue);
            queue.HoldAfter(number, clock.Uptime + retryAfter);
        }
    }

    /// <summary>Sends from the queues whose wait is over, and from others as far as the window allows.</summary>
    public void PumpDue()
    {
        queues.GiveTurnToHeld(clock.Uptime);
        GiveTurnToRoomLine();
        Pump();
    }

    /// <summary>Sends from the queues in turn, as far as the window allows.</summary>
    public void Pump()
    {
        if (!standing.IsUp) return;
        var window = Math.Min(_peerLimits.WindowBytes, connection.Pace.WindowBytes);
        while (queues.OutstandingBytes < window
            && queues.OutstandingMessages < _peerLimits.WindowMessages && queues.TakeTurn() is { } queue)
        {
            if (queue.IsGone) continue;
            if (queue is { IsOpening: true, Room.Ticket: 0 } && !_roomLine.IsEmpty)
            {
                _roomLine.Join(queue);
                continue;
            }

            var messagesMax = _peerLimits.WindowMessages - (int)queues.OutstandingMessages;
            var (bytesMax, underWay) = (connection.Pace.BatchBytes(settings.BatchBytes), (int)queues.OutstandingBytes);
            if (queue.NextBatch(past, clock, bytesMax, messagesMax, _peerLimits, connection.Arrivals, underWay) is not { } batch)
            {
                if (queue.Room.IsAsking && !queue.HasMore && queue.OutstandingMessages == 0) LeaveRoomLine(queue);
                continue;
            }

            queues.GiveTurn(queue);
            connection.Tally.OnSent();
            connection.Send(batch);
        }
    }

    /// <summary>The queue has nothing to ask for after all, or may not send: the next queue asks.</summary>
    private void LeaveRoomLine(OutgoingQueue queue)
    {
        _roomLine.Leave(queue);
        GiveTurnToRoomLine();
    }

    private void GiveTurnToRoomLine()
    {
        foreach (var queue in _roomLine.TakeTurns(clock.Uptime)) queues.GiveTurn(queue);
    }
}
