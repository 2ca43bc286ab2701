using Gateway.Links.Causes;
using Microsoft.Extensions.Logging;

namespace Gateway.Tcp.Outlets;

/// <summary>The log lines of outlets.</summary>
internal sealed partial class OutletLog(ILogger logger)
{
    [LoggerMessage(EventId = 9101, Level = LogLevel.Information, Message = "Outlet {Name} is {State}{Cause}.{Why}")]
    public partial void Up(string name, LinkState state, string cause, string why);

    [LoggerMessage(EventId = 9102, Level = LogLevel.Warning, Message = "Outlet {Name} is {State}{Cause}.{Why}")]
    public partial void Down(string name, LinkState state, string cause, string why);

    [LoggerMessage(EventId = 9103, Level = LogLevel.Warning, Message = "Outlet {Name}: the target refuses message {Id} for good: {Reply}")]
    public partial void Refused(string name, string id, string reply);
}
