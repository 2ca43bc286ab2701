using Gateway.Client.Wire;
using Gateway.Inbox;
using Gateway.Links.Causes;
using Gateway.Store.Commands;
using Gateway.Store.Messages;

namespace Gateway.Telemetry;

/// <summary>Ignores all events: for a gateway without telemetry, and for the simulator.</summary>
internal sealed class NoTelemetry : ITelemetry
{
    public static readonly NoTelemetry Instance = new();

    private NoTelemetry()
    {
    }

    public void Accepted(IReadOnlyList<Placed> placed)
    {
    }

    public void Refused(WireCode code)
    {
    }

    public void Sent(QueueId queue, IReadOnlyList<NumberedMessage> messages, long sentBefore)
    {
    }

    public void Acknowledged(QueueId queue, long upTo, int messages, TimeSpan after)
    {
    }

    public void StartsAfter(QueueId queue, long number, bool isOnDisk)
    {
    }

    public void LinkChanged(string peer, LinkChange change)
    {
    }

    public void Arrived(string peer, IReadOnlyList<Placed> placed, DateTimeOffset receivedAt)
    {
    }

    public void Delivered(QueueId queue, StoredMessage message, int deliveries)
    {
    }

    public void Settled(QueueId queue, long number, Settlement how)
    {
    }

    public void Committed(int commands, long bytes, TimeSpan took)
    {
    }

    public void DeadLettered(QueueId queue, DeadLetterReason reason)
    {
    }
}
