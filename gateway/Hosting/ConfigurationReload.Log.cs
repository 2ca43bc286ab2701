using Microsoft.Extensions.Logging;

namespace Gateway.Hosting;

internal sealed partial class ConfigurationReload
{
    [LoggerMessage(EventId = 5007, Level = LogLevel.Information, Message = "Applied a changed configuration ({Who}): {Keys}.")]
    private partial void LogApplied(string who, string keys);

    [LoggerMessage(EventId = 5008, Level = LogLevel.Warning, Message = "The files have other values for these keys, which take effect when "
        + "the gateway is started again: {Keys}.")]
    private partial void LogAtRestart(string keys);

    [LoggerMessage(EventId = 5009, Level = LogLevel.Error, Message = "The changed configuration has {Faults}, and nothing of it is "
        + "applied. {Sentences}")]
    private partial void LogFaulty(string faults, string sentences);

    [LoggerMessage(EventId = 5010, Level = LogLevel.Information, Message = "Read the configuration again ({Who}): it is the one in force.")]
    private partial void LogSame(string who);

    [LoggerMessage(EventId = 5011, Level = LogLevel.Warning, Message = "{Sentence}")]
    private partial void LogWarning(string sentence);
}
