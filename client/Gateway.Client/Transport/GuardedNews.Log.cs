using Microsoft.Extensions.Logging;

namespace Gateway.Client.Transport;

internal sealed partial class GuardedNews
{
    [LoggerMessage(7004, LogLevel.Error, "A handler of PeerStateChanged threw, for peer {Peer}")]
    private static partial void LogHandlerFailed(ILogger logger, Exception exception, string peer);
}
