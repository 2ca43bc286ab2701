namespace Gateway.Client.Processing;

/// <summary>An error of a processor, already logged and dealt with.</summary>
/// <param name="exception">The error.</param>
/// <param name="errorSource">What the processor was doing.</param>
/// <param name="queue">The queue of the processor.</param>
/// <param name="message">The message; null when receiving failed.</param>
/// <param name="outcome">What became of the message; null when receiving failed.</param>
public sealed class ProcessErrorEventArgs(
    Exception exception, ProcessErrorSource errorSource, string queue, ReceivedMessage? message = null, ProcessOutcome? outcome = null)
    : EventArgs
{
    /// <summary>The error.</summary>
    public Exception Exception { get; } = exception;

    /// <summary>What the processor was doing.</summary>
    public ProcessErrorSource ErrorSource { get; } = errorSource;

    /// <summary>The queue of the processor.</summary>
    public string Queue { get; } = queue;

    /// <summary>The message; null when receiving failed.</summary>
    public ReceivedMessage? Message { get; } = message;

    /// <summary>What became of the message; null when receiving failed.</summary>
    public ProcessOutcome? Outcome { get; } = outcome;
}
