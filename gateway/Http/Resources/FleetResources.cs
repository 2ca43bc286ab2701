using Gateway.Configuration;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The gateway and its peers at a glance.</summary>
internal static class FleetResources
{
    public static void MapFleet(this IEndpointRouteBuilder api) =>
        api.MapGet("/fleet", async (IManagement management, CancellationToken cancellationToken) =>
            FleetView.Of(await management.ReadFleetAsync(waits: true, cancellationToken))).Needs(HttpRoles.Read)
            .WithTags("Gateway").WithSummary("This gateway and its peers, the worst first, as far as they tell of themselves "
                + "(Fleet:Share there). Asks the peers, and waits no longer than a second for their answers.");
}
