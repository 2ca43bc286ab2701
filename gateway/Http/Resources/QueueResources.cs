using System.ComponentModel;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Gateway.Operations;
using Gateway.Store;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The queues, and what an operator does with one.</summary>
internal static class QueueResources
{
    /// <summary>The gateway's state may be as old as this, and a queue younger.</summary>
    private static readonly TimeSpan _stateAgeMax = TimeSpan.FromMilliseconds(500);

    public static void MapQueues(this IEndpointRouteBuilder api)
    {
        var queues = api.MapGroup("/queues").WithTags("Queues");
        queues.MapGet("", ListAsync).Needs(HttpRoles.Read).WithSummary("The queues that hold messages, or once did.");
        queues.MapGet("/{kind}/{name}", ShowAsync).Needs(HttpRoles.Read).WithSummary("One queue: depth, bytes, oldest, rates, head and tail, state.");
        queues.MapPost("/{kind}/{name}/pause", PauseAsync).Needs(HttpRoles.Operate).WithSummary("Nothing leaves the queue until it is resumed, across restarts too; it still takes messages.");
        queues.MapPost("/{kind}/{name}/resume", ResumeAsync).Needs(HttpRoles.Operate).WithSummary("Lets its messages go again.");
    }

    /// <exception cref="ProblemException">It is neither.</exception>
    public static QueueKind? ReadKind(string? kind) => kind switch
    {
        null => null,
        "outgoing" => QueueKind.Outgoing,
        "inbound" => QueueKind.Inbound,
        _ => throw ProblemException.BadRequest($"kind is '{kind}'; it is outgoing or inbound."),
    };

    private static async Task<IEnumerable<QueueView>> ListAsync(
        IManagement management,
        CancellationToken cancellationToken,
        [Description("outgoing or inbound; both if left out")] string? kind = null,
        [Description("Only the outgoing queues of this peer")] string? peer = null)
    {
        var wanted = ReadKind(kind);
        var state = await management.ReadStateAsync(cancellationToken);
        return state.Queues
            .Where(queue => wanted is null || queue.Id.Kind == wanted)
            .Where(queue => peer is null || (queue.Id.Kind == QueueKind.Outgoing && queue.Id.Peer == peer))
            .Select(queue => QueueView.Of(queue, state.Now));
    }

    private static async Task<QueueView> ShowAsync([AsParameters] QueueRoute route, IManagement management, TimeProvider time, CancellationToken cancellationToken)
    {
        var id = route.ToId();
        if (await FindAsync(management, id, cancellationToken) is { } found) return found;
        // Whoever has just sent the first message of a queue has to find it.
        await Task.Delay(_stateAgeMax, time, cancellationToken);
        return await FindAsync(management, id, cancellationToken) ?? throw Missing(id);
    }

    private static async Task<QueueView?> FindAsync(IManagement management, QueueId id, CancellationToken cancellationToken)
    {
        var state = await management.ReadStateAsync(cancellationToken);
        return state.Queues.FirstOrDefault(queue => queue.Id == id) is { } queue ? QueueView.Of(queue, state.Now) : null;
    }

    private static async Task<IResult> PauseAsync([AsParameters] QueueRoute route, WhyRequest? why, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        Done(await management.PauseQueueAsync(route.ToId(), WhyRequest.TextOf(why), caller.Who, cancellationToken), route.ToId());

    private static async Task<IResult> ResumeAsync([AsParameters] QueueRoute route, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        Done(await management.ResumeQueueAsync(route.ToId(), caller.Who, cancellationToken), route.ToId());

    private static IResult Done(bool isKnown, QueueId queue) => isKnown ? TypedResults.NoContent() : throw Missing(queue);

    private static ProblemException Missing(QueueId queue) => ProblemException.NotFound($"There is no queue {queue}: nothing was ever stored in it. {HttpApplication.Root}/queues lists those that there are.");
}
