namespace Gateway.Client.Processing;

/// <summary>What a processor was doing when an error occurred.</summary>
public enum ProcessErrorSource
{
    /// <summary>Receiving: the gateway refuses the queue, or the client has ended.</summary>
    Receive,

    /// <summary>Handling: the handler of the application threw.</summary>
    ProcessMessage,

    /// <summary>Settling the message after its handler: completing, abandoning, rejecting or releasing it.</summary>
    Settle,
}
