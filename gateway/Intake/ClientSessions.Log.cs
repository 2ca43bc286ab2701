using Microsoft.Extensions.Logging;

namespace Gateway.Intake;

internal sealed partial class ClientSessions
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Debug, Message = "Application {Application} connected.")]
    private partial void LogHello(string application);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Debug, Message = "Application {Application} is gone.")]
    private partial void LogGone(string application);

    [LoggerMessage(EventId = 1003, Level =
        LogLevel.Warning, Message = "Refused application {Application}: it has no known token.")]
    private partial void LogRefused(string application);

    [LoggerMessage(EventId = 1004, Level =
        LogLevel.Warning, Message = "Ended the session of application {Application}: the configuration no longer has its token.")]
    private partial void LogWithdrawn(string application);
}
