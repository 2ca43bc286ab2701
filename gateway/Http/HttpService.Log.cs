using Microsoft.Extensions.Logging;

namespace Gateway.Http;

internal sealed partial class HttpService
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "The HTTP API is at {Address}; /api describes it.")]
    private partial void LogListening(string address);

    [LoggerMessage(EventId = 6003, Level = LogLevel.Critical, Message = "The HTTP API could not be put together; the gateway stops.")]
    private partial void LogNotOpened(Exception exception);
}
