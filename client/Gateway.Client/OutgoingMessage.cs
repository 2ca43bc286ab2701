namespace Gateway.Client;

/// <summary>One message of a batch.</summary>
public sealed record OutgoingMessage : EnqueueOptions
{
    /// <summary>The message body, by default at most 1 MiB. It must not change until the Enqueue is answered.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
