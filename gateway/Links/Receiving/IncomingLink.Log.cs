using Gateway.Links.Protocol;
using Microsoft.Extensions.Logging;

namespace Gateway.Links.Receiving;

internal sealed partial class IncomingLink
{
    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Peer {Peer} connected, incarnation {Incarnation}.")]
    private partial void LogAccepted(string peer, Guid incarnation);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Warning, Message = "Refused {Peer} ({Code}): {Text}.")]
    private partial void LogRefused(string peer, RefusalCode code, string text);

    [LoggerMessage(EventId = 3104, Level =
        LogLevel.Warning, Message = "Peer {Peer} comes with the store {Store}, which {Former} had before.")]
    private partial void LogRenamed(string peer, Guid store, string former);

    [LoggerMessage(EventId = 3103, Level =
        LogLevel.Information, Message = "Peer {Peer} saw its last connection to us end as {Cause}: {Evidence}.")]
    private partial void LogLastEnd(string peer, LinkCause cause, string evidence);
}
