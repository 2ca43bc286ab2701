namespace Gateway.Client.Wire;

/// <summary>An application's requests to its gateway; one record per verb. PROTOCOL.md describes the frames.</summary>
internal abstract record Request
{
    /// <param name="Version">Of the protocol.</param>
    /// <param name="Application">For people.</param>
    /// <param name="Token">Says what the application may do; empty for none.</param>
    public sealed record Hello(string Version, string Application, string Token = "") : Request;

    public sealed record Ping(ReadOnlyMemory<byte> Payload) : Request;

    public sealed record Enqueue(RequestId Id, string Destination, IReadOnlyList<EnqueueItem> Items) : Request;

    /// <param name="Subscription">The subscription's id, chosen by the application.</param>
    /// <param name="Queue">The local queue.</param>
    /// <param name="Credit">How many more messages may be sent.</param>
    /// <param name="Lease">Null for the gateway's default.</param>
    public sealed record Receive(RequestId Subscription, string Queue, int Credit, TimeSpan? Lease) : Request;

    public sealed record Stop(RequestId Subscription) : Request;

    public sealed record Complete(RequestId Id, DeliveryToken Token) : Request;

    public sealed record Abandon(RequestId Id, DeliveryToken Token, TimeSpan Delay) : Request;

    public sealed record Reject(RequestId Id, DeliveryToken Token, string Reason) : Request;

    public sealed record Release(RequestId Id, DeliveryToken Token) : Request;

    public sealed record Renew(RequestId Id, DeliveryToken Token, TimeSpan? Lease) : Request;

    public sealed record Peek(RequestId Id, string Queue, long After, int Count) : Request;

    /// <summary>Asks whether the gateway accepts messages now.</summary>
    public sealed record Ready(RequestId Id) : Request;

    /// <summary>Asks for the number and size of the messages in one queue.</summary>
    /// <param name="Id">The request's id.</param>
    /// <param name="Name">A local queue, or <c>queue@peer</c> for what waits to be sent there.</param>
    public sealed record Depth(RequestId Id, string Name) : Request;

    /// <summary>Asks for reports about the links to the peers to which this connection sends.</summary>
    public sealed record Watch(RequestId Id) : Request;

    public sealed record Bye : Request;
}

/// <summary>One message of an ENQUEUE.</summary>
/// <param name="Id">Null when the gateway shall make one.</param>
/// <param name="Headers">A JSON object of strings in UTF-8, or empty.</param>
/// <param name="ExpiresUnixMs">0 for never.</param>
/// <param name="Body">The application's bytes.</param>
internal sealed record EnqueueItem(MessageId? Id, ReadOnlyMemory<byte> Headers, long ExpiresUnixMs, ReadOnlyMemory<byte> Body);
