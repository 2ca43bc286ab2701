using Gateway.Configuration;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The routes in force. They are changed in the configuration.</summary>
internal static class RouteResources
{
    public static void MapRoutes(this IEndpointRouteBuilder api) =>
        api.MapGet("/routes", async (IManagement management, CancellationToken cancellationToken) =>
            new RoutesView([.. (await management.ReadRoutesAsync(cancellationToken)).Select(RouteView.Of)])).Needs(HttpRoles.Read)
            .WithTags("Queues").WithSummary("The routes in force: how each gives messages to its destinations, which of these are up, and "
                + "what waits for them.");
}
