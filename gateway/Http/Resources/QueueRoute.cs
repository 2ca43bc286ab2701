using System.ComponentModel;
using Gateway.Http.Answers;
using Gateway.Store.Messages;
using Microsoft.AspNetCore.Mvc;

namespace Gateway.Http.Resources;

/// <summary>A queue in an address.</summary>
internal sealed record QueueRoute(
    [property: FromRoute, Description("outgoing or inbound")] string Kind,
    [property: FromRoute, Description("Of an outgoing queue queue@peer, of an inbound one its name")] string Name)
{
    /// <exception cref="ProblemException">The address names no queue.</exception>
    public QueueId ToId() => TryParse(Kind, Name) ?? throw ProblemException.NotFound($"'{Kind}/{Name}' names no queue: "
        + $"write outgoing/QUEUE@PEER or inbound/QUEUE. {ApiRoot.Path}/queues lists the queues.");

    /// <summary>Null if it names no queue.</summary>
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
