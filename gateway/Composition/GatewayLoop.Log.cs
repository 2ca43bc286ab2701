using Microsoft.Extensions.Logging;

namespace Gateway.Composition;

internal sealed partial class GatewayLoop
{
    [LoggerMessage(EventId = 4010, Level = LogLevel.Warning, Message = "The system allows this process too few handles: {Address} "
        + "accepts {Max} connections at once, not the configured {Configured}. Raise the limit of open files (ulimit -n, LimitNOFILE).")]
    private partial void LogFewHandles(string address, int max, int configured);

    [LoggerMessage(EventId = 4011, Level =
        LogLevel.Warning, Message = "The gateway was suspended for {Seconds:0.0} s: its process was stopped, its host was too busy "
        + "to run it, or it had too much to do at once. Timeouts of peers and applications do not count this time.")]
    private partial void LogPaused(double seconds);
}
