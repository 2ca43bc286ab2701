using System.Globalization;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>Events as server-sent events.</summary>
internal static class EventResources
{
    private const string LastEventId = "Last-Event-ID";

    /// <summary>Below the first number of every run of a gateway.</summary>
    private const long NumberOfNoRun = -1;

    /// <summary>Shows that a silent stream is alive, and detects a caller who has gone, which only a write can.</summary>
    private static readonly TimeSpan _aliveEvery = TimeSpan.FromSeconds(15);

    public static void MapEvents(this IEndpointRouteBuilder api) =>
        api.MapGet("/events", (IManagement management, TimeProvider time, HttpContext context) => TypedResults.ServerSentEvents(
            WatchAsync(management, time, After(context.Request), context.RequestAborted))).Needs(HttpRoles.Read)
            .WithTags("Gateway").WithMetadata(new LongRunning())
            .WithSummary("Events as they happen, as server-sent events of the types link, operation and audit; 'alive' "
                + "at the beginning and now and then, each from the gateway's loop itself. From now on, or, with Last-Event-ID, after "
                + "that event: the last thousand of this run of the gateway are kept. In place of what is not there any more comes "
                + "'missed', with their number where it is known: read the state then.")
            .Produces<EventView>(contentType: "text/event-stream");

    /// <summary>The event id that browsers send when they reconnect.</summary>
    private static long? After(HttpRequest request) => request.Headers[LastEventId].ToString() switch
    {
        "" => null,
        var id => long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : NumberOfNoRun,
    };

    private static async IAsyncEnumerable<SseItem<EventView>> WatchAsync(
        IManagement management, TimeProvider time, long? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var events = management.WatchAsync(after, over.Token).GetAsyncEnumerator(over.Token);
        var next = events.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var silence = Task.Delay(_aliveEvery, time, quiet.Token);
                var first = await Task.WhenAny(next, silence);
                await quiet.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                if (first == silence)
                {
                    // The sign of life must come from the gateway's loop, not only from the HTTP side.
                    await management.ReadStateAsync(over.Token);
                    yield return new SseItem<EventView>(new EventView(time.GetUtcNow(), "", "", null), GatewayEvent.BeginningKind);
                    continue;
                }

                if (!await next) yield break;
                var happened = events.Current;
                yield return new SseItem<EventView>(new EventView(happened.At.ToUniversalTime(), happened.About, happened.Text,
                    happened.Missed), happened.Kind)
                { EventId = happened.Number.ToString(CultureInfo.InvariantCulture) };
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
}

/// <summary>An event that has just occurred.</summary>
/// <param name="About">The peer, or the queue.</param>
/// <param name="Missed">For type 'missed': the number of missed events, if known.</param>
internal sealed record EventView(DateTimeOffset At, string About, string Text, long? Missed);
