using Gateway.Links.Protocol;

namespace Gateway.Tcp.Outlets;

/// <content>How the connection ends.</content>
internal sealed partial class TargetLine
{
    /// <summary>
    /// Sends nothing more: the gateway or the outlet stops. What is held back stays so until its time, if the stop has that long. Returns
    /// what was not sent.
    /// </summary>
    public IReadOnlyList<OutletMessage> Close()
    {
        _isOpen = false;
        return _messages.TakeUnsent();
    }

    /// <summary>Ends the connection. Returns what was not delivered.</summary>
    public IReadOnlyList<OutletMessage> HangUp(bool isReset = false)
    {
        _isEnded = true;
        IsUp = false;
        // A stream that is ended in the middle must not be taken for the whole.
        _connection.HangUp(isReset || (IsStream && !(_isFinished && _isTargetFinished)));
        return _messages.TakeAll();
    }

    /// <summary>A piece of the stream is missing in front of it: the connection is reset once what came before is delivered.</summary>
    private bool HasHoleBefore(OutletMessage next) =>
        IsStream && _place.Judge(next.Frame, next.Event, next.Inlet, out _) == PieceVerdict.Hole;

    /// <summary>It must not be written to the stream where that stands; it is dealt with.</summary>
    private bool IsKeptBack(OutletMessage message)
    {
        switch (_place.Judge(message.Frame, message.Event, message.Inlet, out var why))
        {
            case PieceVerdict.Hole:
                _owner.OnHole(this, why, [message, .. HangUp(isReset: true)]);
                return true;
            case PieceVerdict.Stray:
                _owner.OnStray(this, message, why);
                return true;
            default:
                _place.Advance(message.Frame, message.Event, message.Inlet);
                return false;
        }
    }

    /// <summary>The target has closed its side: it is gone, or on its way.</summary>
    private void Leave()
    {
        if (_isFinished) End();
        else LeaveInOrder();
    }

    private void LeaveInOrder()
    {
        IsLeft = true;
        _messages.OnOrderlyEnd();
        while (_messages.TakeOftenRead() is { } read) Deliver(read);
        Lose(LinkCause.ClosedByPeer, $"{Remote} closed the connection");
    }

    private void End() => _owner.OnOver(this, HangUp());

    private void Lose(LinkCause cause, string evidence)
    {
        var left = HangUp(isReset: cause == LinkCause.PeerStuck);
        // The last figure is not known here: the target may have had all that was sent.
        _owner.OnEnded(this, new TargetEnd(cause, evidence, _progress with { Acknowledged = _given }, null), left);
    }

    /// <summary>
    /// When the connection is left that the target has finished. One that both sides have finished is left once nothing is held back.
    /// </summary>
    private TimeSpan LeaveDue => _isFinished && _messages.Held > 0 && !IsBehind ? TimeSpan.MaxValue : _leaveAt;
}
