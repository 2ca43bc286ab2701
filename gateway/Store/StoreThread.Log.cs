using Microsoft.Extensions.Logging;

namespace Gateway.Store;

internal sealed partial class StoreThread
{
    [LoggerMessage(EventId = 2001, Level =
        LogLevel.Critical, Message = "The store failed; nothing more can be promised, the gateway stops.")]
    private partial void LogFailed(Exception exception);

    [LoggerMessage(EventId = 2002, Level =
        LogLevel.Error, Message = "The store cannot be opened yet; retrying every second: {Why}")]
    private partial void LogWaiting(string why);

    [LoggerMessage(EventId = 2023, Level = LogLevel.Information, Message = "{Sentence}")]
    private partial void LogStandsBy(string sentence);

    [LoggerMessage(EventId = 2024, Level = LogLevel.Warning, Message = "This gateway has taken the store over from {Holder}.")]
    private partial void LogTookOver(string holder);
}
