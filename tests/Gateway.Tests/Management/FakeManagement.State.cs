using Gateway.Configuration;
using Gateway.Links.Causes;
using Gateway.Links.Fleet;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;

namespace Gateway.Tests.Management;

/// <summary>How the gateway stands if a test says nothing else: one peer, one queue in each direction, and all is well.</summary>
internal sealed partial class FakeManagement
{
    public static LinkSummary NewLink(string peer, LinkState state, LinkCause cause) => new()
    {
        Status = new LinkStatus(peer, state, cause, Now.AddMinutes(-5), "evidence", LinkAdvice.For(cause)),
        Messages = 3,
        Bytes = 300,
        OldestAt = Now.AddSeconds(-90),
        SentPerSecond = 1.5,
    };

    public static GatewayState NewState() => new()
    {
        Name = "shop",
        Incarnation = new Guid("00000000-0000-4000-8000-000000000001"),
        StartedAt = Now.AddHours(-1),
        Now = Now,
        Links = [NewLink("billing", LinkState.Up, LinkCause.None)],
        Queues =
        [
            new QueueSummary { Id = Orders, Messages = 3, Bytes = 300, Head = 4, Tail = 6, OldestAt = Now.AddSeconds(-90),
                StoredPerSecond = 2, RemovedPerSecond = 1 },
            new QueueSummary
                { Id = Bills, Messages = 0, Bytes = 0, Head = 1, Tail = 0, Pause = new Pause(Now, "anna (127.0.0.1)", "audit") },
        ],
        Outgoing = new QueueSum(1, 3, 300),
        Inbound = new QueueSum(1, 0, 0),
        DeadLetters = 0,
        Damaged = 0,
        StoredBytes = 300,
        StoredBytesMax = new StoreOptions().BytesMax,
        FreeBytes = 1L << 40,
        FreeBytesMin = new StoreOptions().DiskReserveBytes,
        Connections = new Dictionary<string, long> { ["accepted"] = 2 },
    };

    /// <summary>The gateway itself, and its peers, which tell totals of themselves.</summary>
    private static FleetState NewFleet(GatewayState state)
    {
        var told = FleetSummaries.Of(state, FleetShare.Totals);
        var peers = state.Links.Select(link => new FleetGateway
        { Name = link.Status.Peer, Link = link, IsHere = true, Answer = PeerAnswer.Summary, Summary = told, SummaryAt = state.Now });
        return new FleetGlance(state, [.. peers]).Judge();
    }

    private static LinkDetails NewLinkDetails(GatewayState state, LinkSummary link) => new()
    {
        Summary = link,
        Now = state.Now,
        Candidates = [new LinkCandidate(LinkCause.Refused, "nobody listens")],
        Patterns = [new LinkPattern(LinkCause.PeerRestarted, 2, "restarted twice")],
        InDoubt = [new InDoubt("orders", 3, 5, 3)],
        History = [new LinkChange(Now, LinkState.Down, LinkCause.Refused, "refused")
            { UpSeconds = 2.5, InDoubt = [new InDoubt("orders", 3, 5, 3)] }],
        Queues = [.. state.Queues.Where(queue => queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == link.Status.Peer)],
    };
}
