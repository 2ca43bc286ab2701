using Microsoft.Extensions.Logging;

namespace Gateway.Client.Outbox;

public sealed partial class OutboxRelay
{
    [LoggerMessage(7100, LogLevel.Information, "Relaying the outbox {Table}")]
    private static partial void LogActive(ILogger logger, string table);

    [LoggerMessage(7101, LogLevel.Information, "Another relay is active at the outbox {Table}; this one waits until it ends")]
    private static partial void LogStandby(ILogger logger, string table);

    [LoggerMessage(7102, LogLevel.Information, "Stopped relaying the outbox {Table}")]
    private static partial void LogStopped(ILogger logger, string table);

    [LoggerMessage(
        7103, LogLevel.Warning,
        "The database of the outbox {Table} failed; again in {Wait}. If it is missing, GatewayOutbox.CreateSchemaAsync makes it: {Reason}")]
    private static partial void LogDatabaseFailed(ILogger logger, Exception fault, string table, TimeSpan wait, string reason);

    [LoggerMessage(7104, LogLevel.Debug, "Read from the outbox, to be sent: {Count}")]
    private static partial void LogRead(ILogger logger, int count);

    [LoggerMessage(7105, LogLevel.Debug, "The gateway has accepted {Accepted} and refused {Refused}")]
    private static partial void LogDecided(ILogger logger, int accepted, int refused);

    [LoggerMessage(7106, LogLevel.Debug, "Removed from the outbox: {Count}")]
    private static partial void LogSettled(ILogger logger, int count);

    [LoggerMessage(7107, LogLevel.Warning, "The outbox waits for the gateway, and sends again in {Wait}: {Reason}")]
    private static partial void LogTrouble(ILogger logger, string reason, TimeSpan wait);

    [LoggerMessage(
        7108, LogLevel.Error,
        "Row {Number} of the outbox, message {Id} to {Destination}, is set aside until RetryFailedAsync: {Reason}")]
    private static partial void LogRowRefused(ILogger logger, long number, MessageId id, string destination, string reason);

    [LoggerMessage(7109, LogLevel.Warning, "The gateway takes nothing for {Destination}; its messages wait in the outbox: {Reason}")]
    private static partial void LogDestinationRefused(ILogger logger, string destination, string reason);

    [LoggerMessage(7110, LogLevel.Information, "The gateway has taken what waited for {Destination}")]
    private static partial void LogReleased(ILogger logger, string destination);

    [LoggerMessage(7111, LogLevel.Warning, "The relay is not told of new rows, and looks at its interval; again in {Wait}: {Reason}")]
    private static partial void LogNotListening(ILogger logger, Exception fault, TimeSpan wait, string reason);
}
