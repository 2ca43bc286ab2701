using Gateway.Store.Messages;
using Microsoft.Extensions.Logging;

namespace Gateway.Store;

internal sealed partial class MessageStore
{
    [LoggerMessage(EventId = 2010, Level =
        LogLevel.Error, Message = "Damaged messages were removed from {Queue}, {Messages} in number: numbers {Numbers} "
        + "(dead letter {DeadLetter}), in group {Group}: {Why}. Check the disk; the verb 'store check' lists them.")]
    private partial void LogDamaged(int messages, QueueId queue, string numbers, long deadLetter, long group, string why);

    [LoggerMessage(EventId = 2011, Level = LogLevel.Error, Message =
        "The volume from group {FirstGroup} is damaged; nothing more is written to it, a new one is begun. Check the disk.")]
    private partial void LogDamagedVolume(long firstGroup);

    [LoggerMessage(EventId = 2012, Level = LogLevel.Error, Message = "New messages are rejected (StoreFull): {Why}. Stored messages "
        + "are still delivered, completed and removed; new ones are accepted again as soon as the disk allows it.")]
    private partial void LogDiskObstacle(string why);

    [LoggerMessage(EventId = 2013, Level = LogLevel.Information, Message = "The disk has room for new messages again.")]
    private partial void LogDiskTakesMessages();
}
