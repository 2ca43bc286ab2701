using Gateway.Inbox;
using Gateway.Store.Messages;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// Empties the queue of replies to one inlet: gives each to its conversation, and deals with those whose conversation is gone. Pure; owned
/// by its inlet.
/// </summary>
internal sealed class InletReplies(Inlet inlet, InletParts parts) : IInnerConsumer
{
    /// <summary>Replies with conversations that the programs have not acknowledged; the queue bounds their bytes.</summary>
    private const int UnderWayMax = 10_000;

    private readonly ProgramHosts _hosts = new();
    private readonly WaitingReplies _waiting = new();
    private InnerSubscription? _queue;

    /// <summary>Replies with conversations that have waited before, and stood aside for others meanwhile.</summary>
    private int _taken;

    private bool GoesToNext => inlet.Settings.Unclaimed == UnclaimedReplies.NextConversation;

    public void Begin()
    {
        _queue = parts.Inboxes.OpenInner(inlet.Settings.ReplyQueue, $"inlet {inlet.Settings.Name}", this);
        _queue.GiveCredit(UnderWayMax);
    }

    /// <summary>Puts back what was not written.</summary>
    public void End()
    {
        _queue?.Close();
        _queue = null;
    }

    public void OnDelivered(InnerDelivery delivery)
    {
        // It is put back with all others.
        if (inlet.IsClosing) return;
        var headers = TcpHeaders.Read(delivery.Stored.Message.Headers);
        if (inlet.Find(headers.Conversation) is { } conversation) conversation.OnReply(delivery, headers.Event);
        else Claim(delivery, headers);
    }

    /// <summary>The program's host has acknowledged it, or the event has taken effect.</summary>
    public void OnWritten(HeldReply reply)
    {
        if (reply.Event.Length == 0)
        {
            inlet.Counts.Replies++;
            inlet.Counts.ReplyBytes += reply.Delivery.Stored.Message.Body.Length;
        }

        Complete(reply.Delivery);
    }

    /// <summary>The conversation has ended before the program had it.</summary>
    public void OnNotWritten(HeldReply reply, InletConversation conversation)
    {
        if (inlet.IsClosing) return;
        if (GoesToNext) _hosts.OnGone(conversation);
        Claim(reply.Delivery, TcpHeaders.Read(reply.Delivery.Stored.Message.Headers));
    }

    /// <summary>A conversation has begun; replies may have waited for one of its host.</summary>
    public void OnBegun(InletConversation conversation)
    {
        if (!GoesToNext) return;
        _hosts.OnBegun(conversation);
        foreach (var delivery in _waiting.Take(conversation.Host))
        {
            _taken++;
            conversation.OnReply(delivery, name: "");
        }
    }

    public void OnOver(InletConversation conversation)
    {
        if (GoesToNext) _hosts.OnGone(conversation);
    }

    /// <summary>Finds another place for a reply without a conversation.</summary>
    private void Claim(InnerDelivery delivery, TcpHeaders headers)
    {
        if (headers.Event.Length > 0)
        {
            // It tells of the end of a conversation that has ended.
            Complete(delivery);
            return;
        }

        var host = GoesToNext ? _hosts.HostOf(headers.Conversation) : "";
        if (host.Length > 0 && _hosts.LatestOf(host) is { } next)
        {
            next.OnReply(delivery, name: "");
        }
        else if (host.Length > 0 && _waiting.TryAdd(host, delivery))
        {
            _queue?.GiveCredit(1);
        }
        else
        {
            inlet.Counts.Unclaimed++;
            _queue?.Reject(delivery, DeadLetterReason.Unclaimed, WhyUnclaimed(headers), () => { });
            OnSettled();
        }
    }

    private void Complete(InnerDelivery delivery)
    {
        _queue?.Complete(delivery, () => { });
        OnSettled();
    }

    private void OnSettled()
    {
        if (_taken > 0) _taken--;
        else _queue?.GiveCredit(1);
    }

    private static string WhyUnclaimed(TcpHeaders headers) => headers.Conversation.Length == 0
        ? "it names no conversation"
        : $"the conversation {headers.Conversation} has ended, and {(headers.Outlet.Length > 0 ? $"outlet {headers.Outlet}" : "somebody")} "
            + "has sent this for it";
}
