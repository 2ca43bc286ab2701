using Gateway.Links.Protocol;
using Microsoft.Extensions.Logging;

namespace Gateway.Links;

internal sealed partial class PeerProbes
{
    [LoggerMessage(EventId = 3105, Level = LogLevel.Debug, Message = "Peer {Peer} measures the way to this gateway.")]
    private partial void LogProbed(string peer);

    [LoggerMessage(EventId = 3106, Level = LogLevel.Warning, Message = "Refused a probe ({Code}): {Text}.")]
    private partial void LogRefused(RefusalCode code, string text);
}
