namespace Gateway.Client.Processing;

/// <summary>A received message with its handler. Owned by the loop of the processor, but for what the handler's flow reads.</summary>
internal sealed class ProcessedMessage(ReceivedMessage message, string? key, TimeSpan arrivedAt) : Job(message.Id, key, arrivedAt)
{
    private volatile bool _isStopped;

    public ReceivedMessage Message { get; } = message;

    /// <summary>Tells the handler to end; disposed of by the loop when the message is settled.</summary>
    public CancellationTokenSource Cancellation { get; } = new();

    /// <summary>When the handler began.</summary>
    public TimeSpan BegunAt { get; set; }

    /// <summary>The handler, and the settlement after it.</summary>
    public Task Work { get; set; } = Task.CompletedTask;

    /// <summary>The handler was told to end, whatever the cause.</summary>
    public bool IsTold { get; private set; }

    /// <summary>The handler was told to end since the processor stops. Any thread.</summary>
    public bool IsStopped => _isStopped;

    /// <summary>Tells the handler to end, on another thread: what the application has registered there may take its time.</summary>
    public void TellToEnd(bool isStopping)
    {
        if (isStopping)
            _isStopped = true;
        if (IsTold)
            return;
        IsTold = true;
        Cancellation.CancelAfter(TimeSpan.Zero);
    }
}
