using Gateway.Inbox;
using Gateway.Store.Messages;

namespace Gateway.Tcp.Outlets;

/// <summary>
/// The messages that an outlet has taken from its queue: asks for more while there is room, and settles each once. Owned by its outlet.
/// </summary>
internal sealed class OutletQueue
{
    private const int HeldMessagesMax = 10_000;

    private readonly LoopClock _clock;
    private readonly InnerSubscription _queue;
    private int _credit;
    private int _heldMessages;
    private long _heldBytes;
    private int _settling;
    private TimeSpan _fullSince = TimeSpan.MaxValue;

    /// <summary>All that was held is back in the queue.</summary>
    private bool _isClosed;

    public OutletQueue(OutletSettings settings, OutletParts parts, IInnerConsumer consumer)
    {
        _clock = parts.Clock;
        _queue = parts.Inboxes.OpenInner(settings.Queue, $"outlet {settings.Name}", consumer);
    }

    /// <summary>The messages that were looked at, and stay in the store until their conversations can use them.</summary>
    public AsideMessages Aside { get; } = new();

    /// <summary>
    /// Since when there has been no room for a message, in the loop's uptime; <see cref="TimeSpan.MaxValue"/> while there is.
    /// </summary>
    public TimeSpan FullSince => _fullSince;

    /// <summary>Whether there is room is judged anew: what could be done for it was done.</summary>
    public void LookAgain() => _fullSince = TimeSpan.MaxValue;

    /// <summary>Each message that was settled is settled on disk.</summary>
    public bool IsSettled => _settling == 0;

    /// <summary>A message was handed out.</summary>
    public OutletMessage Take(InnerDelivery delivery)
    {
        _credit--;
        return Hold(delivery);
    }

    /// <summary>A message was handed out again that was set aside.</summary>
    public OutletMessage Hold(InnerDelivery delivery)
    {
        var message = new OutletMessage(delivery);
        _heldMessages++;
        _heldBytes += message.Body.Length;
        return message;
    }

    /// <summary>Asks for a message if there is room for one, and none is asked for already.</summary>
    public void AskForMore(long heldBytesMax)
    {
        if (_credit == 0)
        {
            if (_heldMessages >= HeldMessagesMax || (_heldBytes > 0 && _heldBytes >= heldBytesMax) || Aside.IsFull)
            {
                OnFull();
                return;
            }

            _credit++;
            _queue.GiveCredit(1);
        }

        // What was put back comes first, and needs no room there.
        if (_credit > 0 && IsQueueFull) OnFull();
        else _fullSince = TimeSpan.MaxValue;
    }

    /// <summary>The queue hands out no more, however much more this outlet could hold.</summary>
    private bool IsQueueFull => _heldMessages > 0 && _queue.Left is { Messages: <= 0 } or { Bytes: <= 0 };

    private void OnFull()
    {
        if (_fullSince == TimeSpan.MaxValue) _fullSince = _clock.Uptime;
    }

    public void Complete(OutletMessage message)
    {
        if (_isClosed) return;
        Forget(message);
        _settling++;
        _queue.Complete(message.Delivery, () => _settling--);
    }

    public void Reject(OutletMessage message, string why)
    {
        if (_isClosed) return;
        Forget(message);
        _settling++;
        _queue.Reject(message.Delivery, DeadLetterReason.Rejected, why, () => _settling--);
    }

    /// <summary>
    /// The messages go back to their places in the queue; those of a conversation of which others are set aside join these, to stay in
    /// front of them.
    /// </summary>
    public void Release(IEnumerable<OutletMessage> messages)
    {
        foreach (var message in messages)
        {
            if (Aside.Contains(message.Conversation))
            {
                SetAside(message);
                continue;
            }

            Forget(message);
            _queue.Release(message.Delivery);
        }
    }

    /// <summary>The message stays in the store until it is recalled; others behind it are taken meanwhile.</summary>
    public void SetAside(OutletMessage message)
    {
        Forget(message);
        Aside.Add(message);
        _queue.SetAside(message.Delivery);
    }

    /// <summary>Takes some of the messages of the conversation again that were set aside, from the first; it takes a moment.</summary>
    public void Recall(string conversation, IOutletRecall recall)
    {
        if (Aside.Ask(conversation) is { } numbers) _queue.Recall(numbers, new Recaller(this, conversation, recall));
    }

    /// <summary>Records the delivery of the message, so that a later run of the gateway knows of it.</summary>
    public void Record(OutletMessage message, Action recorded) => _queue.Record(message.Delivery, recorded);

    /// <summary>Puts back what is not settled.</summary>
    public void Close()
    {
        _isClosed = true;
        _queue.Close();
    }

    private void Forget(OutletMessage message)
    {
        _heldMessages--;
        _heldBytes -= message.Body.Length;
    }

    private sealed class Recaller(OutletQueue queue, string conversation, IOutletRecall recall) : IRecaller
    {
        public void OnRecalled(IReadOnlyList<InnerDelivery> recalled, long upTo)
        {
            queue.Aside.OnAnswered(conversation, upTo);
            recall.OnRecalled([.. recalled.Select(queue.Hold)]);
        }
    }
}

/// <summary>Waits for messages that an outlet has set aside.</summary>
internal interface IOutletRecall
{
    /// <summary>Some of the messages of one conversation are here again, in order; there may be none.</summary>
    void OnRecalled(IReadOnlyList<OutletMessage> messages);
}
