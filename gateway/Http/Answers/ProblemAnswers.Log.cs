using Microsoft.Extensions.Logging;

namespace Gateway.Http.Answers;

internal sealed partial class ProblemAnswers
{
    [LoggerMessage(EventId = 6002, Level = LogLevel.Error, Message = "The HTTP request {Method} {Path} failed.")]
    private partial void LogFailed(Exception exception, string method, string path);
}
