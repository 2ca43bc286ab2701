using Microsoft.Extensions.Logging;

namespace Gateway.Http;

internal sealed partial class HttpService
{
    [LoggerMessage(EventId = 6001, Level = LogLevel.Information, Message = "The HTTP API is at {Address}; /api describes it.")]
    private partial void LogListening(string address);
}
