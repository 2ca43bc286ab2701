using Gateway.Client.Wire;
using Gateway.Store;

namespace Gateway.Inbox;

/// <summary>A message out of the store that consumers have had, have, or shall have again.</summary>
/// <param name="Stored">The message.</param>
/// <param name="Deliveries">How often it was delivered, the present delivery counted.</param>
internal sealed record HeldMessage(StoredMessage Stored, int Deliveries)
{
    public int SizeBytes => MessageCodec.SizeBytes(Stored.Message);
}

/// <summary>One delivery that is not settled yet.</summary>
internal sealed class Lease(DeliveryToken token, HeldMessage held, string connection, InboundQueue queue)
{
    public DeliveryToken Token { get; } = token;

    public HeldMessage Held { get; } = held;

    public string Connection { get; } = connection;

    public InboundQueue Queue { get; } = queue;

    /// <summary>Those that were got together with it; null if it stands for itself.</summary>
    public LeaseBatch? Batch { get; init; }

    /// <summary>In the uptime of the loop.</summary>
    public TimeSpan Deadline { get; set; }
}
