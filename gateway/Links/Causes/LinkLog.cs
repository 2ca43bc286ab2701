using Microsoft.Extensions.Logging;

namespace Gateway.Links.Causes;

/// <summary>The log lines of the dialing side of a link.</summary>
internal sealed partial class LinkLog(ILogger logger)
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Link to {Peer} is {State}{Cause}.{Why}")]
    public partial void Up(string peer, LinkState state, string cause, string why);

    [LoggerMessage(EventId = 3009, Level = LogLevel.Warning, Message = "Link to {Peer} is {State}{Cause}.{Why}")]
    public partial void Down(string peer, LinkState state, string cause, string why);

    [LoggerMessage(EventId = 3002, Level =
        LogLevel.Warning, Message = "Peer {Peer} found a gap in queue {Queue}: sending again after number {Number}.")]
    public partial void Resend(string peer, string queue, long number);

    [LoggerMessage(EventId = 3007, Level =
        LogLevel.Warning, Message = "Link to {Peer}: an operator's drill puts a {Kind} into the connection.")]
    public partial void Drill(string peer, string kind);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "Link to {Peer}: {Warning}.")]
    public partial void Warning(string peer, string warning);

    [LoggerMessage(EventId = 3008, Level = LogLevel.Information, Message = "Link to {Peer}: the peer's clock and this one agree again.")]
    public partial void ClockRight(string peer);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Information, Message = "Link to {Peer}: {Verdict}.")]
    public partial void Compared(string peer, string verdict);
}
