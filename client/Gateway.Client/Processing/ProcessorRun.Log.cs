using Microsoft.Extensions.Logging;

namespace Gateway.Client.Processing;

internal sealed partial class ProcessorRun
{
    private void LogOutcome(ReceivedMessage message, ProcessOutcome outcome, Verdict verdict, Exception? failure)
    {
        switch (outcome)
        {
            case ProcessOutcome.Retried:
                LogRetried(_logger, failure, message.Id, _queue, message.Deliveries, verdict.Delay);
                break;
            case ProcessOutcome.Rejected:
                LogRejected(_logger, failure, message.Id, _queue, message.Deliveries, verdict.Reason);
                break;
            case ProcessOutcome.Lost:
                LogLost(_logger, failure, message.Id, _queue);
                break;
            default:
                LogEnded(_logger, failure, message.Id, _queue, outcome, message.Deliveries);
                break;
        }
    }

    [LoggerMessage(7010, LogLevel.Information, "Processing queue {Queue}")]
    private static partial void LogStarted(ILogger logger, string queue);

    [LoggerMessage(7011, LogLevel.Information, "Stopped processing queue {Queue}")]
    private static partial void LogStopped(ILogger logger, string queue);

    [LoggerMessage(7012, LogLevel.Error, "Nothing is received from queue {Queue}: {Reason}")]
    private static partial void LogRefused(ILogger logger, string queue, string reason);

    [LoggerMessage(7013, LogLevel.Debug, "Message {Id} of queue {Queue}, delivery {Deliveries}: {Outcome}")]
    private static partial void LogEnded(
        ILogger logger, Exception? failure, MessageId id, string queue, ProcessOutcome outcome, int deliveries);

    [LoggerMessage(7014, LogLevel.Warning, "Message {Id} of queue {Queue} failed at delivery {Deliveries}; again in {Delay}")]
    private static partial void LogRetried(
        ILogger logger, Exception? failure, MessageId id, string queue, int deliveries, TimeSpan delay);

    [LoggerMessage(7015, LogLevel.Error, "Message {Id} of queue {Queue} is a dead letter after delivery {Deliveries}: {Reason}")]
    private static partial void LogRejected(
        ILogger logger, Exception? failure, MessageId id, string queue, int deliveries, string reason);

    [LoggerMessage(7016, LogLevel.Warning, "Message {Id} of queue {Queue} was not held to the end; it comes again")]
    private static partial void LogLost(ILogger logger, Exception? failure, MessageId id, string queue);

    [LoggerMessage(7017, LogLevel.Warning, "Message {Id} of queue {Queue} was not settled: {Reason}")]
    private static partial void LogNotSettled(ILogger logger, MessageId id, string queue, string reason);

    [LoggerMessage(
        7018, LogLevel.Warning, "The handler of message {Id} of queue {Queue} has run for {Limit}; it is told to end, and its lease ends")]
    private static partial void LogOverdue(ILogger logger, MessageId id, string queue, TimeSpan limit);

    [LoggerMessage(7019, LogLevel.Debug, "Gave back {Count} messages of queue {Queue}")]
    private static partial void LogReleased(ILogger logger, int count, string queue);

    [LoggerMessage(
        7020, LogLevel.Warning, "{Count} handlers of queue {Queue} did not end when they were told to; their messages are given back")]
    private static partial void LogLeft(ILogger logger, int count, string queue);

    [LoggerMessage(7021, LogLevel.Error, "The handler of ProcessErrorAsync threw, for queue {Queue}")]
    private static partial void LogErrorHandlerFailed(ILogger logger, Exception failure, string queue);

    [LoggerMessage(7022, LogLevel.Critical, "The processor of queue {Queue} failed, and handles nothing more until it is started again")]
    private static partial void LogFailed(ILogger logger, Exception failure, string queue);
}
