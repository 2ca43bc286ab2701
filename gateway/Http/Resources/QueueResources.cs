using System.ComponentModel;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Store.Messages;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The queues, and an operator's actions on them.</summary>
internal static class QueueResources
{
    private const int LimitMax = 1000;

    /// <summary>The time after which a page is answered with the queues found so far.</summary>
    private static readonly TimeSpan _pageTime = TimeSpan.FromMilliseconds(100);

    public static void MapQueues(this IEndpointRouteBuilder api)
    {
        var queues = api.MapGroup("/queues").WithTags("Queues");
        queues.MapGet("", ListAsync).Needs(HttpRoles.Read).WithSummary(
            "A page of the queues, in the order in which they were made. It may be empty though it is not the last one: that has no next.");
        queues.MapGet("/{kind}/{name}", ShowAsync).Needs(HttpRoles.Read)
            .WithSummary("One queue: depth, bytes, oldest, rates, head and tail, state.");
        queues.MapPost("/{kind}/{name}/pause", PauseAsync).Needs(HttpRoles.Operate)
            .WithSummary("Nothing leaves the queue until it is resumed, across restarts too; it still takes messages.");
        queues.MapPost("/{kind}/{name}/resume", ResumeAsync).Needs(HttpRoles.Operate).WithSummary("Lets its messages go again.");
    }

    /// <exception cref="ProblemException">The kind is unknown.</exception>
    public static QueueKind? ReadKind(string? kind) => kind switch
    {
        null => null,
        "outgoing" => QueueKind.Outgoing,
        "inbound" => QueueKind.Inbound,
        _ => throw ProblemException.BadRequest($"kind is '{kind}'; it is outgoing or inbound."),
    };

    private static async Task<QueuesPage> ListAsync(
        IManagement management,
        TimeProvider time,
        CancellationToken cancellationToken,
        [Description("outgoing or inbound; both if left out")] string? kind = null,
        [Description("Only the outgoing queues of this peer")] string? peer = null,
        [Description("Only queues whose name has this in it")] string? name = null,
        [Description("Leaves out those without messages")] bool nonEmpty = false,
        [Description("next of the page before")] long after = 0,
        int limit = LimitMax)
    {
        if (limit is < 1 or > LimitMax) throw ProblemException.BadRequest($"limit is {limit}; it is 1 to {LimitMax}.");
        if (after < 0) throw ProblemException.BadRequest($"after is {after}; it is next of the page before.");
        var filter = new QueueFilter(ReadKind(kind), peer, name, nonEmpty);
        var (found, began) = (new List<QueueView>(), time.GetTimestamp());
        while (true)
        {
            var page = await management.ListQueuesAsync(filter, after, limit - found.Count, cancellationToken);
            found.AddRange(page.Queues.Select(queue => QueueView.Of(queue, queue.At)));
            after = page.LookedUpTo;
            if (page.IsEnd) return new QueuesPage(found, null);
            if (found.Count >= limit || time.GetElapsedTime(began) > _pageTime) return new QueuesPage(found, after);
        }
    }

    private static async Task<QueueView> ShowAsync(
        [AsParameters] QueueRoute route, IManagement management, CancellationToken cancellationToken)
    {
        var queue = await management.ReadQueueAsync(route.ToId(), cancellationToken) ?? throw Missing(route.ToId());
        return QueueView.Of(queue, queue.At);
    }

    private static async Task<IResult> PauseAsync(
        [AsParameters] QueueRoute route, WhyRequest? why, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        Done(await management.PauseQueueAsync(route.ToId(), WhyRequest.TextOf(why), caller.Who, cancellationToken), route.ToId());

    private static async Task<IResult> ResumeAsync(
        [AsParameters] QueueRoute route, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        Done(await management.ResumeQueueAsync(route.ToId(), caller.Who, cancellationToken), route.ToId());

    private static IResult Done(bool isKnown, QueueId queue) => isKnown ? TypedResults.NoContent() : throw Missing(queue);

    private static ProblemException Missing(QueueId queue) => ProblemException.NotFound(
        $"There is no queue {queue}: nothing was ever stored in it. {ApiRoot.Path}/queues lists the queues.");
}
