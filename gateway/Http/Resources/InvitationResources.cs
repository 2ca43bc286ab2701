using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>
/// Invitations for gateways that are to become peers. An invitation lives as long as the answer to its request; who made it writes the
/// peer to the configuration, and answers the gateway that came.
/// </summary>
internal static class InvitationResources
{
    private static readonly TimeSpan _aliveEvery = TimeSpan.FromSeconds(15);

    public static void MapInvitations(this IEndpointRouteBuilder api)
    {
        var invitations = api.MapGroup("/invitations").WithTags("Peers");
        invitations.MapPost("", InviteAsync).Needs(HttpRoles.Operate).WithMetadata(new LongRunning())
            .WithSummary("Makes an invitation for one gateway, and keeps it while this answer is read: server-sent events of the types "
                + "open, with the code, and then joining, with the gateway that has proved it, or over, with the reason; alive now and "
                + "then. 409 when no invitation can be made. Nothing is written to the configuration: that, and the answer to the gateway "
                + "that has come, are up to the caller, as 'gateway peer invite' does it.")
            .Produces<InvitationView>(contentType: "text/event-stream").ProducesProblem(StatusCodes.Status409Conflict);
        invitations.MapPost("/{id:guid}/answer", AnswerAsync).Needs(HttpRoles.Operate)
            .WithSummary("Tells the gateway that has proved the invitation that it is a peer now, or, with a fault, that it is not; 404 "
                + "when none waits.");
    }

    private static async Task<IResult> InviteAsync(
        InvitationRequest request, Caller caller, GatewayAccess gateway, TimeProvider time, HttpContext context)
    {
        var made = await gateway.Pairing.InviteAsync(
            request.Lifetime, request.CheckedAddresses, caller.Who, WhyRequest.Checked(request.Why), context.RequestAborted);
        if (made.Fault.Length > 0) throw new ProblemException(StatusCodes.Status409Conflict, "no-invitation", made.Fault);
        return TypedResults.ServerSentEvents(WatchAsync(gateway.Pairing, made, time, context.RequestAborted));
    }

    private static async Task<IResult> AnswerAsync(
        Guid id, InvitationAnswer answer, GatewayAccess gateway, CancellationToken cancellationToken) =>
        await gateway.Pairing.AnswerAsync(id, WhyRequest.Checked(answer.Fault), cancellationToken) ? TypedResults.NoContent()
            : throw ProblemException.NotFound($"No gateway waits for an answer to the invitation {id}.");

    private static async IAsyncEnumerable<SseItem<InvitationView>> WatchAsync(
        IPairing pairing, MadeInvitation made, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            yield return new SseItem<InvitationView>(InvitationView.Open(made.Id, made.Code!), "open");
            for (var next = made.Events!.ReadAsync(cancellationToken).AsTask(); ;)
            {
                using var quiet = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var first = await Task.WhenAny(next, Task.Delay(_aliveEvery, time, quiet.Token));
                await quiet.CancelAsync();
                cancellationToken.ThrowIfCancellationRequested();
                if (first != next)
                {
                    yield return new SseItem<InvitationView>(InvitationView.Of(made.Id), "alive");
                    continue;
                }

                var happened = await next;
                if (happened.Joiner is not { } joiner)
                {
                    yield return new SseItem<InvitationView>(InvitationView.Over(made.Id, happened.Why), "over");
                    yield break;
                }

                yield return new SseItem<InvitationView>(InvitationView.Joining(made.Id, joiner), "joining");
                // The caller writes its configuration, and ends this when it has answered.
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
            }
        }
        finally
        {
            pairing.Withdraw(made.Id);
        }
    }
}
