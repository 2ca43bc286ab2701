namespace Gateway.Client.Processing;

/// <summary>The states of a <see cref="GatewayProcessor"/>.</summary>
public enum ProcessorState
{
    /// <summary>It was not started, was stopped, or ended with its client.</summary>
    Stopped,

    /// <summary>It receives messages, or waits for a connection in order to.</summary>
    Running,

    /// <summary>It receives nothing until <see cref="GatewayProcessor.Resume"/>; handlers that were running go on to their end.</summary>
    Paused,

    /// <summary>It receives nothing more, and waits for its handlers.</summary>
    Stopping,
}
