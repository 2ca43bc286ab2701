using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The inlets and outlets for programs that speak plain TCP.</summary>
internal static class TcpResources
{
    public static void MapTcp(this IEndpointRouteBuilder api)
    {
        var tcp = api.MapGroup("/tcp").WithTags("Plain TCP");
        tcp.MapGet("", async (IManagement management, CancellationToken cancellationToken) =>
            TcpView.Of(await management.ReadStateAsync(cancellationToken))).Needs(HttpRoles.Read)
            .WithSummary("Each inlet and outlet: state, cause and advice, connections, frames and bytes, and what waits.");
        tcp.MapGet("/inlets/{name}", ShowInletAsync).Needs(HttpRoles.Read).WithSummary("One inlet in full: its conversations.");
        tcp.MapGet("/outlets/{name}", ShowOutletAsync).Needs(HttpRoles.Read)
            .WithSummary("One outlet in full: its connections, patterns and history.");
        tcp.MapPost("/inlets/{name}/pause", PauseInletAsync).Needs(HttpRoles.Operate)
            .WithSummary("The inlet accepts no program and reads nothing until it is resumed, across restarts too; its programs wait.");
        tcp.MapPost("/inlets/{name}/resume", ResumeInletAsync).Needs(HttpRoles.Operate)
            .WithSummary("Lets the inlet's programs in and reads from them again.");
        tcp.MapPost("/outlets/{name}/pause", PauseAsync).Needs(HttpRoles.Operate)
            .WithSummary("Nothing leaves the outlet's queue until it is resumed, across restarts too; it still takes messages.");
        tcp.MapPost("/outlets/{name}/resume", ResumeAsync).Needs(HttpRoles.Operate).WithSummary("Lets the outlet's messages go again.");
    }

    private static async Task<InletDetailsView> ShowInletAsync(
        string name, IManagement management, CancellationToken cancellationToken)
    {
        var state = await management.ReadStateAsync(cancellationToken);
        return InletDetailsView.Of(state.Inlets.FirstOrDefault(inlet => inlet.Name == name) ?? throw Missing("inlet", "Inlets", name),
            state.Now);
    }

    private static async Task<OutletDetailsView> ShowOutletAsync(
        string name, IManagement management, CancellationToken cancellationToken)
    {
        var state = await management.ReadStateAsync(cancellationToken);
        return OutletDetailsView.Of(Find(state, name), state.Now);
    }

    private static async Task<IResult> PauseInletAsync(
        string name, WhyRequest? why, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        await management.PauseInletAsync(name, WhyRequest.TextOf(why), caller.Who, cancellationToken)
            ? TypedResults.NoContent() : throw Missing("inlet", "Inlets", name);

    private static async Task<IResult> ResumeInletAsync(
        string name, Caller caller, IManagement management, CancellationToken cancellationToken) =>
        await management.ResumeInletAsync(name, caller.Who, cancellationToken)
            ? TypedResults.NoContent() : throw Missing("inlet", "Inlets", name);

    private static async Task<IResult> PauseAsync(
        string name, WhyRequest? why, Caller caller, IManagement management, CancellationToken cancellationToken)
    {
        var queue = Find(await management.ReadStateAsync(cancellationToken), name).Empties;
        await management.PauseQueueAsync(queue, WhyRequest.TextOf(why), caller.Who, cancellationToken);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> ResumeAsync(
        string name, Caller caller, IManagement management, CancellationToken cancellationToken)
    {
        var queue = Find(await management.ReadStateAsync(cancellationToken), name).Empties;
        await management.ResumeQueueAsync(queue, caller.Who, cancellationToken);
        return TypedResults.NoContent();
    }

    private static OutletSummary Find(GatewayState state, string name) =>
        state.Outlets.FirstOrDefault(outlet => outlet.Name == name) ?? throw Missing("outlet", "Outlets", name);

    private static ProblemException Missing(string what, string section, string name) => ProblemException.NotFound(
        $"This gateway has no {what} '{name}' in its Gateway:Tcp:{section}. {ApiRoot.Path}/tcp lists its inlets and outlets, as does "
        + "'gateway tcp ls'.");
}
