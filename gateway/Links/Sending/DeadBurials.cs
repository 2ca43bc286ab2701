using Gateway.Links.Protocol;
using Gateway.Store;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Links.Sending;

/// <summary>
/// Turns messages at the head of an outgoing queue that must not be sent into dead letters. Nothing after them is sent before that is
/// durable: an acknowledgement of a later message drops everything up to it, and after a crash it would drop these too, without a trace.
/// Owned by the queue.
/// </summary>
/// <param name="turns">Called when the queue may be sent again.</param>
/// <param name="runBeganUnixMs">The start of this run of the gateway.</param>
internal sealed class DeadBurials(OutgoingQueue queue, IStoreInput store, ISendTurns turns, long runBeganUnixMs)
{
    private int _underWay;

    /// <summary>The last number of the queue that earlier runs have assigned.</summary>
    public long TailBefore { get; set; }

    /// <summary>A dead letter is not durable yet.</summary>
    public bool AreUnderWay => _underWay > 0;

    /// <summary>The group in which the last of them left the queue.</summary>
    public long Group { get; private set; }

    /// <summary>Why the message must not be sent; null if it may be.</summary>
    public (DeadLetterReason Reason, string Text)? ReasonOf(StoredMessage stored, LoopClock clock, LinkLimits peerLimits)
    {
        var message = stored.Message;
        if (message.IsExpired(clock.Now)) return (DeadLetterReason.Expired, "its expiry passed before it was sent");
        // Every message that this run has accepted is valid. An earlier build may have accepted more than any peer takes.
        if ((stored.Number <= TailBefore || message.EnqueuedUnixMs < runBeganUnixMs) && MessageRules.FindFault(message) is { } invalid)
            return (DeadLetterReason.RefusedByPeer, $"no gateway takes it as it is: {invalid.Text}");
        return peerLimits.FindFault(message) is { } fault ? (DeadLetterReason.RefusedByPeer, fault) : null;
    }

    /// <summary>Takes dead messages from the cursor.</summary>
    public void Bury(QueueCursor cursor, LoopClock clock, LinkLimits peerLimits)
    {
        while (cursor.TryPeek(out var next) && ReasonOf(next, clock, peerLimits) is var (reason, text))
        {
            cursor.Take();
            _underWay++;
            DeadLetterCommand? burial = null;
            burial = new DeadLetterCommand(queue.Id, next.Number, reason, clock.NowUnixMs, text, () => OnBuried(burial!.LeftUnsentGroup));
            store.Submit(burial);
        }
    }

    private void OnBuried(long group)
    {
        Group = Math.Max(Group, group);
        if (--_underWay == 0) turns.OnMore(queue);
    }
}
