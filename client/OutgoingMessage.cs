namespace Gateway.Client;

/// <summary>One message of a batch.</summary>
public sealed record OutgoingMessage : EnqueueOptions
{
    /// <summary>The application's bytes, by default at most 1 MiB. They must not change until the Enqueue is answered.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }
}
