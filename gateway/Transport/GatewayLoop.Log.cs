using Microsoft.Extensions.Logging;

namespace Gateway.Transport;

internal sealed partial class GatewayLoop
{
    [LoggerMessage(EventId = 4010, Level = LogLevel.Warning, Message = "The system gives this process too few handles: {Address} takes {Max} connections at once, not the {Configured} of the configuration. Raise the limit of open files (ulimit -n, LimitNOFILE).")]
    private partial void LogFewHandles(string address, int max, int configured);
}
