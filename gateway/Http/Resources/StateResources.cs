using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The gateway at a glance, and the actions of operators.</summary>
internal static class StateResources
{
    public static void MapState(this IEndpointRouteBuilder api)
    {
        api.MapGet("/state", async (
            IManagement management, GatewayAccess gateway, RefusedTokens refused, CancellationToken cancellationToken) =>
            GatewayView.Of(await management.ReadStateAsync(cancellationToken), gateway.Observers.CountUnseen()) with
            {
                TokensRefused = refused.Requests,
                SignInsRefused = refused.SignIns,
            }).Needs(HttpRoles.Read)
            .WithTags("Gateway").WithSummary("The messages that wait: for whom, since when and why.");
        api.MapGet("/audit", async (IManagement management, CancellationToken cancellationToken) =>
            (await management.ReadAuditAsync(cancellationToken)).Select(AuditView.Of)).Needs(HttpRoles.Read)
            .WithTags("Gateway").WithSummary("The actions of operators, the latest first.");
    }
}
