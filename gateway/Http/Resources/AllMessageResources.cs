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

/// <summary>The messages of several queues in one listing.</summary>
internal static class AllMessageResources
{
    /// <summary>The maximum number of queues read for one page.</summary>
    private const int QueuesMax = 1000;

    public static void MapAllMessages(this IEndpointRouteBuilder api) =>
        api.MapGroup("/messages").WithTags("Messages").MapGet("", ListAsync).Needs(HttpRoles.Read)
            .WithSummary(
                "A page of the messages of all queues, or of some: queue by queue, outgoing ones first, by name; of each in order.");

    private static async Task<AllMessagesPage> ListAsync(
        [AsParameters] MessageQuery query,
        IManagement management,
        TimeProvider time,
        CancellationToken cancellationToken,
        [Description("outgoing or inbound; both if left out")] string? kind = null,
        [Description("Only queues of this name, at any peer, and the inbound one; QUEUE@PEER is that one alone")] string? queue = null,
        [Description("Only the outgoing queues of this peer")] string? peer = null,
        [Description("next of the page before")] string? after = null,
        int limit = MessageReading.LimitDefault)
    {
        MessageReading.CheckLimit(limit);
        var cursor = after is null ? null : MessageCursor.TryParse(after)
            ?? throw ProblemException.BadRequest($"after is '{after}'; it is next of the page before, as it stands there.");
        var (filter, state) = query.OfMessages();
        var (queues, isCut) = await FindQueuesAsync(management,
            new QueueFilter(QueueResources.ReadKind(kind), peer, queue, IsEmptyLeftOut: true), queue, cursor, cancellationToken);
        return await MessageReading.ListAllAsync(management, time, queues, isCut, cursor, limit, filter, state, cancellationToken);
    }

    /// <summary>
    /// Returns the first queues with messages from the cursor on, ordered by <see cref="MessageCursor.Compare"/>, and whether there are
    /// more.
    /// </summary>
    private static async Task<(List<QueueId> Queues, bool IsCut)> FindQueuesAsync(
        IManagement management, QueueFilter filter, string? name, MessageCursor? cursor, CancellationToken cancellationToken)
    {
        var first = new SortedSet<QueueId>(Comparer<QueueId>.Create(MessageCursor.Compare));
        var (after, isEnd, isCut) = (0L, false, false);
        while (!isEnd)
        {
            var page = await management.ListQueuesAsync(filter, after, QueuesMax, cancellationToken);
            foreach (var id in page.Queues.Select(queue => queue.Id))
            {
                if ((name is not null && id.LocalName != name && id.Name != name)
                    || (cursor is not null && MessageCursor.Compare(id, cursor.Queue) < 0)) continue;
                first.Add(id);
                if (first.Count <= QueuesMax) continue;
                first.Remove(first.Max);
                isCut = true;
            }

            (after, isEnd) = (page.LookedUpTo, page.IsEnd);
        }

        return ([.. first], isCut);
    }
}
