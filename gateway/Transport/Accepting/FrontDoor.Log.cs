using Microsoft.Extensions.Logging;

namespace Gateway.Transport.Accepting;

internal sealed partial class FrontDoor
{
    [LoggerMessage(EventId = 4001, Level = LogLevel.Warning, Message = "Cut connection {Connection} from {Remote} to {Address}: {Fault}.")]
    private partial void LogCut(string connection, string remote, string address, ConnectionFault fault);

    [LoggerMessage(EventId = 4006, Level =
        LogLevel.Warning, Message = "Cut connection {Connection} from {Remote} to {Address}: {Fault}: {Why}.")]
    private partial void LogRefused(string connection, string remote, string address, ConnectionFault fault, string why);

    [LoggerMessage(EventId = 4002, Level = LogLevel.Debug, Message = "Connection {Connection} from {Remote} to {Address} is open.")]
    private partial void LogOpen(string connection, string remote, string address);

    [LoggerMessage(EventId = 4003, Level =
        LogLevel.Debug, Message = "Connection {Connection} from {Remote} to {Address} has ended: {How}.")]
    private partial void LogEnded(string connection, string remote, string address, string how);
}
