using Microsoft.Extensions.Logging;

namespace Gateway.Store;

internal sealed partial class LiteBlockStore
{
    [LoggerMessage(EventId = 2020, Level = LogLevel.Warning, Message = "The damaged bytes of {Name} could not be set aside; they are still in their file.")]
    private partial void LogNotSetAside(Exception cause, string name);
}
