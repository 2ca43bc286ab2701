using Gateway.Inbox;
using Gateway.Store.Messages;
using Gateway.Tcp.Framing;

namespace Gateway.Tcp.Inlets;

/// <summary>
/// Empties the queue of replies to one inlet: gives each to its conversation, and deals with those whose conversation is gone. A program
/// that reads slowly has a share of what the queue may hand out; its further replies stay in the store, and the others go on. Pure; owned
/// by its inlet.
/// </summary>
internal sealed class InletReplies(Inlet inlet, InletParts parts) : IInnerConsumer
{
    /// <summary>Replies with conversations that the programs have not acknowledged; the queue bounds their bytes.</summary>
    private const int UnderWayMax = 10_000;

    /// <summary>
    /// Replies left in the store whose numbers are remembered. Further ones are kept in memory, and then hold up the others.
    /// </summary>
    private const int AsideMax = 100_000;

    private readonly ProgramHosts _hosts = new();
    private readonly WaitingReplies _waiting = new();
    private readonly Dictionary<InletConversation, InletReplyLine> _lines = [];

    /// <summary>Replies that are being read from the store again, by their numbers.</summary>
    private readonly Dictionary<long, InletReplyLine> _fetching = [];
    private InnerSubscription? _queue;
    private int _aside;

    /// <summary>Replies with conversations that have waited before, and stood aside for others meanwhile.</summary>
    private int _taken;

    private bool IsStream => inlet.Settings.Format is FrameFormat.Stream;

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

    /// <summary>Replies to the conversation that wait until its program has taken others.</summary>
    public int WaitingFor(InletConversation conversation) => _lines.GetValueOrDefault(conversation)?.Waiting ?? 0;

    public void OnDelivered(InnerDelivery delivery)
    {
        // It is put back with all others.
        if (inlet.IsClosing) return;
        if (_fetching.Remove(delivery.Stored.Number, out var line))
        {
            OnFetched(line);
            Give(line, delivery);
            Refill(line);
            return;
        }

        var headers = TcpHeaders.Read(delivery.Stored.Message.Headers);
        if (inlet.Find(headers.Conversation) is { } conversation) Offer(conversation, delivery);
        else Claim(delivery, headers);
    }

    public void OnGone(long number)
    {
        if (!_fetching.Remove(number, out var line)) return;
        OnFetched(line);
        Refill(line);
        line.Conversation.OnReplyGone();
    }

    /// <summary>The program's host has acknowledged it, or the event has taken effect.</summary>
    public void OnWritten(HeldReply reply, InletConversation conversation)
    {
        if (reply.Event.Length == 0)
        {
            inlet.Counts.Replies++;
            inlet.Counts.ReplyBytes += reply.Delivery.Stored.Message.Body.Length;
        }

        Complete(reply.Delivery);
        if (!_lines.TryGetValue(conversation, out var line)) return;
        line.OnDone(reply.Delivery);
        Refill(line);
    }

    /// <summary>The conversation has ended before the program had these.</summary>
    public void OnNotWritten(IReadOnlyList<HeldReply> replies, InletConversation conversation)
    {
        if (inlet.IsClosing) return;
        if (GoesToNext) _hosts.OnGone(conversation);
        _lines.Remove(conversation, out var line);
        foreach (var reply in replies) Claim(reply.Delivery, TcpHeaders.Read(reply.Delivery.Stored.Message.Headers));
        if (line?.TakeAll() is not { Count: > 0 } waiting) return;
        // They come again in their order, and find their conversation gone.
        foreach (var held in waiting.Select(reply => reply.Held).OfType<InnerDelivery>()) SetAside(held);
        Fetch(line, [.. waiting.Select(reply => reply.Number)]);
    }

    /// <summary>A conversation has begun; replies may have waited for one of its host.</summary>
    public void OnBegun(InletConversation conversation)
    {
        if (!GoesToNext || inlet.IsClosing) return;
        _hosts.OnBegun(conversation);
        foreach (var delivery in _waiting.Take(conversation.Host))
        {
            _taken++;
            Offer(conversation, delivery);
        }
    }

    public void OnOver(InletConversation conversation)
    {
        if (GoesToNext) _hosts.OnGone(conversation);
    }

    /// <summary>Gives it to the conversation, or leaves it in the store until the program has taken others.</summary>
    private void Offer(InletConversation conversation, InnerDelivery delivery)
    {
        if (!_lines.TryGetValue(conversation, out var line)) _lines[conversation] = line = new InletReplyLine(conversation);
        var (number, bytes) = (delivery.Stored.Number, delivery.Stored.Message.Body.Length);
        if (line.Waiting == 0 && line.HasShare(_queue!.Left))
        {
            Give(line, delivery);
        }
        else if (_aside >= AsideMax)
        {
            line.Add(new WaitingReply(number, bytes, delivery));
        }
        else
        {
            line.Add(new WaitingReply(number, bytes, Held: null));
            SetAside(delivery);
        }
    }

    private void SetAside(InnerDelivery delivery)
    {
        _aside++;
        _queue?.SetAside(delivery);
        OnSettled();
    }

    private void Give(InletReplyLine line, InnerDelivery delivery)
    {
        var headers = TcpHeaders.Read(delivery.Stored.Message.Headers);
        if (!line.Conversation.Takes(headers.Event))
        {
            Claim(delivery, headers);
            return;
        }

        if (IsStream && IsKeptBack(line, delivery, headers)) return;
        line.OnGiven(delivery);
        line.Conversation.OnReply(delivery, headers.Event);
    }

    /// <summary>It must not be written to the stream where that stands; it is dealt with.</summary>
    private bool IsKeptBack(InletReplyLine line, InnerDelivery delivery, TcpHeaders headers)
    {
        var source = $"{headers.Outlet}@{delivery.Stored.Message.Source}";
        var verdict = line.Place.Judge(headers.Frame, headers.Event, source, out var why);
        if (verdict == PieceVerdict.Next)
        {
            line.Place.Advance(headers.Frame, headers.Event, source);
            return false;
        }

        if (verdict == PieceVerdict.Hole) line.Conversation.OnHole(why);
        if (headers.Event.Length > 0) Complete(delivery);
        else Bury(delivery, why);
        return true;
    }

    /// <summary>Gives the conversation what waits for it, as far as its share goes.</summary>
    private void Refill(InletReplyLine line)
    {
        while (line.Fetching == 0 && line.Conversation.IsThere && _queue is not null && line.HasShare(_queue.Left))
        {
            if (line.TakeHeld() is { } held) Give(line, held);
            else if (line.TakeStored(_queue.Left) is { Count: > 0 } numbers) Fetch(line, numbers);
            else return;
        }
    }

    private void Fetch(InletReplyLine line, IReadOnlyList<long> numbers)
    {
        line.Fetching += numbers.Count;
        foreach (var number in numbers) _fetching.Add(number, line);
        _queue?.Fetch(numbers);
    }

    private void OnFetched(InletReplyLine line)
    {
        line.Fetching--;
        _aside--;
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
            Offer(next, delivery);
        }
        else if (host.Length > 0 && _waiting.TryAdd(host, delivery))
        {
            _queue?.GiveCredit(1);
        }
        else
        {
            Bury(delivery, WhyUnclaimed(headers));
        }
    }

    private void Bury(InnerDelivery delivery, string why)
    {
        inlet.Counts.Unclaimed++;
        _queue?.Reject(delivery, DeadLetterReason.Unclaimed, why, () => { });
        OnSettled();
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
