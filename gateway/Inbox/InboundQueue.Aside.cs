using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Inbox;

/// <content>Messages that a part of the gateway leaves in the store, and wants again later.</content>
internal sealed partial class InboundQueue
{
    /// <summary>How many messages more, and bytes of them, may be handed out before others are settled.</summary>
    public (int Messages, long Bytes) Left =>
        (_limits.Now.HeldMessagesMax - _heldMessages, _limits.Now.HeldBytesMax - _heldBytes);

    /// <summary>The consumer leaves the message at its place in the store alone, as if it had not been handed out.</summary>
    public void SetAside(Lease lease)
    {
        Unlease(lease, Settlement.Released);
        _store.Submit(new ReturnCommand(
            _id, lease.Held.Stored.Number, lease.Held.Deliveries - (lease.IsRecorded ? 0 : 1), notBeforeUnixMs: 0, done: null));
        AfterSettling();
    }

    /// <summary>Messages that were set aside are wanted again; as many are read as there is room for.</summary>
    public void Fetch(IReadOnlyList<long> numbers)
    {
        _aside.Want(numbers);
        while (_holds == 0 && HasRoom && _aside.TryRead())
        {
            // The next one.
        }
    }

    /// <param name="found">Null if it is there no more.</param>
    private void OnFetched(long number, StoredMessage? found)
    {
        // An operator may take it meanwhile: it is read again.
        if (_holds > 0) _aside.Want([number]);
        else if (found is null) Inner?.Inner?.OnGone(number);
        else Hold(new HeldMessage(found, found.Deliveries));
        Deliver();
    }
}
