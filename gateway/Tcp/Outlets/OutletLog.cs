using Microsoft.Extensions.Logging;

namespace Gateway.Tcp.Outlets;

/// <summary>The log lines of outlets.</summary>
internal sealed partial class OutletLog(ILogger logger)
{
    [LoggerMessage(EventId = 9101, Level = LogLevel.Information, Message = "Outlet {Name} is {Standing}.{Why}")]
    public partial void Up(string name, string standing, string why);

    [LoggerMessage(EventId = 9102, Level = LogLevel.Warning, Message = "Outlet {Name} is {Standing}.{Why}")]
    public partial void Down(string name, string standing, string why);

    [LoggerMessage(EventId = 9103, Level = LogLevel.Warning, Message = "Outlet {Name}: the target refuses message {Id} for good: {Reply}")]
    public partial void Refused(string name, string id, string reply);

    [LoggerMessage(EventId = 9104, Level = LogLevel.Warning,
        Message = "Outlet {Name} ends, and {Target} may have had {Sent} that it had not acknowledged or answered, or that the replay "
            + "window held back: these are in queue {Queue} again.")]
    public partial void LeftInDoubt(string name, string target, string sent, string queue);

    [LoggerMessage(EventId = 9105, Level = LogLevel.Warning, Message = "Outlet {Name} resets a stream, and makes what is left of it dead "
        + "letters: {Evidence}.")]
    public partial void ConversationEnded(string name, string evidence);
}
