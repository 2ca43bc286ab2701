using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Links.Sending;

namespace Gateway.Links;

/// <summary>
/// Takes the peer's answers to what was sent: acknowledgements, requests to send again, and refusals for lack of room. An answer to what
/// was never sent ends the connection. Owned by its link.
/// </summary>
internal sealed class LinkAnswers(
    LoopClock clock,
    OutgoingQueues queues,
    ForgottenQueues forgotten,
    LinkSender sender,
    OutgoingConnection connection,
    PeerPast past,
    LinkStanding standing,
    LinkLog log,
    ILinkEnd link)
{
    /// <summary>Messages that the peer acknowledged since the gateway started.</summary>
    public long Delivered { get; private set; }

    public void OnAck(LinkFrame.Ack ack)
    {
        past.OnStoredThere(ack.Group, ack.Batches);
        if (forgotten.Had(ack.Queue, ack.Number)) return;
        if (queues.Find(ack.Queue) is not { } queue || !queue.OnAck(ack.Number, clock.Uptime, out var acked))
        {
            GiveUp($"the peer acknowledged number {ack.Number} of queue {ack.Queue}");
            return;
        }

        if (acked.Bytes > 0)
        {
            Delivered += acked.Messages;
            standing.OnStoreAnswers();
            connection.Arrivals.OnAnswered(acked.Place, clock.Uptime);
            connection.Pace.OnAcknowledged(acked.Bytes, acked.UnderWay, acked.Age);
            standing.OnAnswered(acked.LargestBytes);
            sender.OnTaken(queue);
        }

        queues.GiveTurn(queue);
        if (standing.Status is { State: LinkState.Up, Cause: LinkCause.PeerRefuses } && !queues.HasHeld)
            standing.Set(LinkState.Up, LinkCause.None, "the peer takes messages again");
        sender.Pump();
    }

    public void OnResend(LinkFrame.Resend resend)
    {
        if (forgotten.Had(resend.Queue, resend.Number)) return;
        if (queues.Find(resend.Queue) is not { } queue || resend.Number > queue.Sent)
        {
            GiveUp($"the peer asked for queue {resend.Queue} after number {resend.Number}");
            return;
        }

        // Requested before the queue was opened: the opening batch will be answered.
        if (queue.IsOpeningUnanswered) return;
        log.Resend(standing.Status.Peer, resend.Queue, resend.Number);
        standing.OnStoreAnswers();
        standing.OnAnswered();
        queue.SendAgainAfter(resend.Number);
        queues.GiveTurn(queue);
        sender.Pump();
    }

    public void OnFull(LinkFrame.Full full)
    {
        past.OnStoredThere(full.Group, full.Batches);
        if (forgotten.Had(full.Queue, full.Number)) return;
        if (queues.Find(full.Queue) is not { } queue || full.Number > queue.Sent)
        {
            GiveUp($"the peer stands at number {full.Number} of queue {full.Queue}");
            return;
        }

        standing.OnStoreAnswers();
        standing.OnAnswered();
        sender.OnRefused(queue, full.Number, TimeSpan.FromMilliseconds(full.RetryAfterMs), full.IsShared);
        standing.Set(LinkState.Up, LinkCause.PeerRefuses, $"the peer has no room for queue {full.Queue}: {full.Text}");
    }

    private void GiveUp(string claim) => link.GiveUp(LinkCause.WrongService, $"{claim}, which was not sent");
}
