using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

internal sealed partial class GatewayService
{
    [LoggerMessage(EventId = 5001, Level = LogLevel.Information, Message = "Gateway {Name} is listening: applications on {IntakeAddress}, "
        + "peers on {LinksAddress}; store in {StorePath}, incarnation {Incarnation}.")]
    private partial void LogStarted(string name, string intakeAddress, string linksAddress, string storePath, Guid incarnation);

    [LoggerMessage(EventId = 5002, Level = LogLevel.Information, Message = "Gateway {Name} is stopping.")]
    private partial void LogStopping(string name);

    [LoggerMessage(EventId = 5003, Level = LogLevel.Information, Message = "Gateway {Name} has stopped.")]
    private partial void LogStopped(string name);

    [LoggerMessage(EventId = 5004, Level = LogLevel.Critical, Message = "{Medium} does not answer: the store did not "
        + "close within {Seconds} s. Commands left: {Commands}. The process ends without it.")]
    private partial void LogStoreLeft(string medium, double seconds, int commands);

    [LoggerMessage(EventId = 5012, Level = LogLevel.Critical, Message = "Not everything in the gateway {Name} ended within {Seconds} s: "
        + "{Unended} did not. The process ends without it, as if it had been killed. Nothing promised is lost: what was accepted is in the "
        + "store.")]
    private partial void LogLoopLeft(string name, string unended, double seconds);
}
