using System.ComponentModel;
using Gateway.Http.Answers;
using Gateway.Store;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Http.Resources;

/// <summary>A queue as it stands in an address.</summary>
internal sealed record QueueRoute(
    [property: FromRoute, Description("outgoing or inbound")] string Kind,
    [property: FromRoute, Description("Of an outgoing queue queue@peer, of an inbound one its name")] string Name)
{
    /// <exception cref="ProblemException">It names none.</exception>
    public QueueId ToId() => TryParse(Kind, Name) ?? throw ProblemException.NotFound($"'{Kind}/{Name}' names no queue: "
        + $"write outgoing/QUEUE@PEER or inbound/QUEUE. {HttpApplication.Root}/queues lists those that there are.");

    /// <summary>Null when it names none.</summary>
    public static QueueId? TryParse(string kind, string name)
    {
        if (!Names.TryParseDestination(name, out var queue, out var peer)) return null;
        return (kind, peer) switch
        {
            ("outgoing", not null) => QueueId.Outgoing(queue, peer),
            ("inbound", null) => QueueId.Inbound(queue),
            _ => null,
        };
    }
}
