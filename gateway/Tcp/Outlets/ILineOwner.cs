namespace Gateway.Tcp.Outlets;

/// <summary>Hears of what becomes of the messages on one line, on the loop.</summary>
internal interface ILineOwner
{
    /// <summary>An event of the line begins; <see cref="Leave"/> ends it. What is called meanwhile hands out no further messages.</summary>
    void Enter();

    void Leave();

    /// <summary>What one line may have sent, and neither acknowledged nor answered; one message is always allowed.</summary>
    (int Messages, long Bytes) SentMax { get; }

    /// <summary>The line is connected; nothing is sent before <see cref="TargetLine.Open"/>.</summary>
    void OnUp(TargetLine line, string remote, TargetProgram? program);

    /// <summary>The message is delivered, as far as this outlet demands.</summary>
    void OnDelivered(TargetLine line, OutletMessage message);

    /// <summary>The target has sent a frame.</summary>
    /// <param name="answered">The message for which it is the reply; null if it answers none.</param>
    void OnFrame(TargetLine line, ReadOnlyMemory<byte> frame, OutletMessage? answered);

    /// <summary>The target has refused the message; it is sent again later unless <paramref name="isFinal"/>.</summary>
    void OnRefused(TargetLine line, OutletMessage message, ReadOnlyMemory<byte> frame, bool isFinal);

    /// <summary>The message is sent, perhaps not for the first time.</summary>
    void OnSent(TargetLine line, OutletMessage message);

    /// <summary>The target sends nothing more and may still read.</summary>
    void OnTargetFinished(TargetLine line);

    /// <summary>Of a stream, something is missing in front of what comes next; this side has reset the connection.</summary>
    /// <param name="evidence">What is missing.</param>
    /// <param name="left">The messages not delivered, in the order of the queue.</param>
    void OnHole(TargetLine line, string evidence, IReadOnlyList<OutletMessage> left);

    /// <summary>The message does not belong to the stream where that stands, and is not sent.</summary>
    void OnStray(TargetLine line, OutletMessage message, string why);

    /// <summary>Bytes have waited for the target for too long.</summary>
    void OnStuck(TargetLine line, string evidence);

    /// <summary>The target takes bytes again, or has answered.</summary>
    void OnMoving(TargetLine line);

    /// <summary>Both sides have ended the connection in an orderly way, or this side has reset it as it was told to.</summary>
    /// <param name="left">The messages not delivered, in the order of the queue.</param>
    void OnOver(TargetLine line, IReadOnlyList<OutletMessage> left);

    /// <summary>The connection is lost, or was not made.</summary>
    /// <param name="left">The messages not delivered, in the order of the queue.</param>
    void OnEnded(TargetLine line, TargetEnd end, IReadOnlyList<OutletMessage> left);
}
