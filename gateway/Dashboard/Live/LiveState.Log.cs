using Microsoft.Extensions.Logging;

namespace Gateway.Dashboard.Live;

internal sealed partial class LiveState
{
    [LoggerMessage(EventId = 7001, Level = LogLevel.Warning, Message = "A page of the dashboard reads the gateway no more.")]
    private partial void LogEnded(Exception exception);
}
