using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The peers, their links, and an operator's actions on them.</summary>
internal static class PeerResources
{
    public static void MapPeers(this IEndpointRouteBuilder api)
    {
        var peers = api.MapGroup("/peers").WithTags("Peers");
        peers.MapGet("", ListAsync).Needs(HttpRoles.Read)
            .WithSummary("Each peer: its link's state, cause and advice, and what waits for it.");
        peers.MapGet("/{peer}", ShowAsync).Needs(HttpRoles.Read)
            .WithSummary("One link in full: candidates, patterns, history, what is in doubt.");
        peers.MapPost("/{peer}/pause", PauseAsync).Needs(HttpRoles.Operate)
            .WithSummary("Nothing is sent to the peer until it is resumed, across restarts too.");
        peers.MapPost("/{peer}/resume", ResumeAsync).Needs(HttpRoles.Operate).WithSummary("Sends to the peer again.");
        peers.MapPost("/{peer}/retry", RetryAsync).Needs(HttpRoles.Operate)
            .WithSummary("Tries the link at once, in place of waiting for the next attempt.");
        peers.MapPost("/{peer}/accept", AcceptAsync).Needs(HttpRoles.Operate).WithSummary(
            "Goes on with a peer that has lost what it had acknowledged (PeerWentBack), from where it stands now; 409 when it has not.");
        peers.MapPost("/{peer}/drill", DrillAsync).Needs(HttpRoles.Operate).WithSummary(
            "An exercise: puts a fault into the connection that this gateway has made to the peer, as reset, half-open, stall or "
                + "kill; the history of the link tells what comes of it. "
            + "403 where Gateway:Links:DrillEnabled is not set, 409 while the link is not up.");
    }

    private static async Task<IEnumerable<LinkView>> ListAsync(IManagement management, CancellationToken cancellationToken)
    {
        var state = await management.ReadStateAsync(cancellationToken);
        return state.Links.Select(link => LinkView.Of(link, state.Now));
    }

    private static async Task<LinkDetailsView> ShowAsync(string peer, IManagement management, CancellationToken cancellationToken) =>
        LinkDetailsView.Of(await management.ReadLinkAsync(peer, cancellationToken) ?? throw Missing(peer));

    private static async Task<IResult> PauseAsync(
        string peer, WhyRequest? why, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        Done(await management.PausePeerAsync(peer, WhyRequest.TextOf(why), caller.Who, cancellationToken), peer);

    private static async Task<IResult> ResumeAsync(
        string peer, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        Done(await management.ResumePeerAsync(peer, caller.Who, cancellationToken), peer);

    private static async Task<IResult> RetryAsync(
        string peer, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        Done(await management.RetryPeerAsync(peer, caller.Who, cancellationToken), peer);

    private static async Task<IResult> AcceptAsync(
        string peer, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        await management.AcceptPeerAsync(peer, caller.Who, cancellationToken) switch
        {
            PeerAcceptance.Accepted => TypedResults.NoContent(),
            PeerAcceptance.NothingToAccept => throw new ProblemException(StatusCodes.Status409Conflict, "nothing-to-accept",
                $"The link to '{peer}' does not wait to be accepted: its cause is not PeerWentBack."),
            _ => throw Missing(peer),
        };

    private static async Task<IResult> DrillAsync(
        string peer, DrillRequest drill, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        await management.DrillPeerAsync(peer, drill.Kind, drill.Stall, caller.Who, cancellationToken) switch
        {
            DrillAnswer.Begun => TypedResults.NoContent(),
            DrillAnswer.NotEnabled => throw new ProblemException(
                StatusCodes.Status403Forbidden,
                "drills-not-enabled",
                "This gateway does not allow drills; set Gateway:Links:DrillEnabled to true in its configuration and start it again."),
            DrillAnswer.NotUp => throw new ProblemException(
                StatusCodes.Status409Conflict,
                "link-not-up",
                $"The link to '{peer}' is not up: there is no connection that a drill could be put into. Try again when it is."),
            _ => throw Missing(peer),
        };

    private static IResult Done(bool isKnown, string peer) => isKnown ? TypedResults.NoContent() : throw Missing(peer);

    private static ProblemException Missing(string peer) => ProblemException.NotFound(
        $"This gateway has no peer '{peer}' in its Gateway:Peers. {ApiRoot.Path}/peers lists its peers.");
}
