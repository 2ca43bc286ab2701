using Gateway.Store.Messages;

namespace Gateway.Store.Repair;

/// <summary>A dead letter of a damaged store.</summary>
internal sealed record RepairLetter(
    long Number, long Handle, long MessageNumber, long Group, DeadLetterReason Reason, long AtUnixMs, string Text)
{
    /// <summary>A dead letter of which only the message is known.</summary>
    public static RepairLetter Bare(long number, long handle, long messageNumber, long group) =>
        new(number, handle, messageNumber, group, DeadLetterReason.Rejected,
            0, "why it became a dead letter was lost, and is not known after the repair");
}
