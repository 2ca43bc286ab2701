using Microsoft.Extensions.Logging;

namespace Gateway.Client.Transport;

internal sealed partial class ClientLoop
{
    [LoggerMessage(7001, LogLevel.Information, "Connected to gateway {Gateway} at {Address}")]
    private static partial void LogConnected(ILogger logger, string gateway, string address);

    [LoggerMessage(
        7002, LogLevel.Warning, "No connection to the gateway at {Address}: {Reason}. Calls wait; trying again until it is back")]
    private static partial void LogNotConnected(ILogger logger, string address, string reason);

    [LoggerMessage(7003, LogLevel.Critical, "The client's loop failed; every call fails from now on")]
    private static partial void LogFailed(ILogger logger, Exception exception);
}
