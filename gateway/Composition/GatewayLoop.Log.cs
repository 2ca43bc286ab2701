using Microsoft.Extensions.Logging;

namespace Gateway.Composition;

internal sealed partial class GatewayLoop
{
    [LoggerMessage(EventId = 4010, Level = LogLevel.Warning, Message = "The system gives this process too few handles: {Address} takes "
        + "{Max} connections at once, not the {Configured} of the configuration. Raise the limit of open files (ulimit -n, LimitNOFILE).")]
    private partial void LogFewHandles(string address, int max, int configured);

    [LoggerMessage(EventId = 4011, Level =
        LogLevel.Warning, Message = "The gateway stood still for {Seconds:0.0} s: its process was stopped, its host was too busy "
        + "to let it run, or it had too much to do at once. What peers and applications did meanwhile is not held against them.")]
    private partial void LogPaused(double seconds);
}
