using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gateway.Http.Security;
using Gateway.Management;
using Gateway.Operations;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>What happens from now on, as server-sent events.</summary>
internal static class EventResources
{
    private const string Alive = "alive";

    /// <summary>A silent stream could be a dead one; and a caller who has gone is noticed when something is written.</summary>
    private static readonly TimeSpan _aliveEvery = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", (IManagement management, TimeProvider time, HttpContext context) => TypedResults.ServerSentEvents(WatchAsync(management, time, context.RequestAborted))).Needs(HttpRoles.Read)
            .WithTags("Gateway").WithMetadata(new LongRunning())
            .WithSummary("What happens from now on, as server-sent events of the types link, operation and audit; 'alive' at the beginning and now and then. What happened before a stream began is not told, whatever Last-Event-ID says: read the state after each reconnection.").Produces<EventView>(contentType: "text/event-stream");

    private static async IAsyncEnumerable<SseItem<EventView>> WatchAsync(IManagement management, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var events = management.WatchAsync(over.Token).GetAsyncEnumerator(over.Token);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            yield return StillHere(time);
            while (true)
            {
                using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var silence = Task.Delay(_aliveEvery, time, quiet.Token);
                var first = await Task.WhenAny(next, silence);
                await quiet.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                if (first == silence)
                {
                    yield return StillHere(time);
                    continue;
                }

                if (!await next) yield break;
                var happened = events.Current;
                yield return new SseItem<EventView>(new EventView(happened.At.ToUniversalTime(), happened.About, happened.Text, happened.Missed), happened.Kind) { EventId = happened.Number.ToString(CultureInfo.InvariantCulture) };
                next = events.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            // An enumerator must not be disposed while it moves.
            await over.CancelAsync();
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    private static SseItem<EventView> StillHere(TimeProvider time) => new(new EventView(time.GetUtcNow(), "", "", 0), Alive);
}

/// <summary>Something that has just happened.</summary>
/// <param name="About">The peer, or the queue.</param>
/// <param name="Missed">So many before this one were left out, since they were read too slowly.</param>
internal sealed record EventView(DateTimeOffset At, string About, string Text, long Missed);
