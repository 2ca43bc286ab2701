using Microsoft.Extensions.Logging;

namespace Gateway.Links;

internal sealed partial class OutgoingLink
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Link to {Peer} is {State}{Cause}.{Why}")]
    private partial void LogUp(string peer, LinkState state, string cause, string why);

    [LoggerMessage(EventId = 3009, Level = LogLevel.Warning, Message = "Link to {Peer} is {State}{Cause}.{Why}")]
    private partial void LogDown(string peer, LinkState state, string cause, string why);

    [LoggerMessage(EventId = 3002, Level =
        LogLevel.Warning, Message = "Peer {Peer} found a gap in queue {Queue}: sending again after number {Number}.")]
    private partial void LogResend(string peer, string queue, long number);

    [LoggerMessage(EventId = 3007, Level =
        LogLevel.Warning, Message = "Link to {Peer}: an operator's drill puts a {Kind} into the connection.")]
    private partial void LogDrill(string peer, string kind);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "Link to {Peer}: {Warning}.")]
    private partial void LogWarning(string peer, string warning);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Information, Message = "Link to {Peer}: the peer's clock and this one agree again.")]
    private partial void LogClockRight(string peer);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Information, Message = "Link to {Peer}: {Verdict}.")]
    private partial void LogCompared(string peer, string verdict);
}
