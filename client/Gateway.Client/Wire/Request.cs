namespace Gateway.Client.Wire;

/// <summary>An application's requests to its gateway; one record per verb. PROTOCOL.md describes the frames.</summary>
internal abstract record Request
{
    /// <param name="Version">The protocol version.</param>
    /// <param name="Application">The application's display name.</param>
    /// <param name="Token">The token that determines the application's rights; empty for none.</param>
    public sealed record Hello(string Version, string Application, string Token = "") : Request;

    public sealed record Ping(ReadOnlyMemory<byte> Payload) : Request;

    public sealed record Enqueue(RequestId Id, string Destination, IReadOnlyList<EnqueueItem> Items) : Request;

    /// <param name="Subscription">The subscription's id, chosen by the application.</param>
    /// <param name="Queue">The local queue.</param>
    /// <param name="Credit">The number of further messages the gateway may send.</param>
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
    /// <param name="Name">A local queue, or <c>queue@peer</c> for the messages waiting to be sent to the peer.</param>
    public sealed record Depth(RequestId Id, string Name) : Request;

    /// <summary>Asks for reports about the links to the peers to which this connection sends.</summary>
    public sealed record Watch(RequestId Id) : Request;

    public sealed record Bye : Request;
}

/// <summary>One message of an ENQUEUE.</summary>
/// <param name="Id">Null if the gateway is to create one.</param>
/// <param name="Headers">A JSON object of strings in UTF-8, or empty.</param>
/// <param name="ExpiresUnixMs">0 for never.</param>
/// <param name="Body">The message body.</param>
internal sealed record EnqueueItem(MessageId? Id, ReadOnlyMemory<byte> Headers, long ExpiresUnixMs, ReadOnlyMemory<byte> Body);
