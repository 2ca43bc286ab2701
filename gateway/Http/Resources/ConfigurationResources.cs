using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The configuration of the running gateway.</summary>
internal static class ConfigurationResources
{
    public static void MapConfiguration(this IEndpointRouteBuilder api)
    {
        var configuration = api.MapGroup("/configuration").WithTags("Gateway");
        configuration.MapPost("/reload", ReloadAsync).Needs(HttpRoles.Operate)
            .WithSummary("Reads the configuration again and applies what can be applied, at once and whole; 422 with all faults when it "
                + "has one, and then nothing changes.")
            .Produces<ReloadOutcome>().Produces<ReloadOutcome>(StatusCodes.Status422UnprocessableEntity);
        configuration.MapGet("/difference", (GatewayAccess gateway, CancellationToken cancellationToken) =>
            gateway.Configuration.CompareAsync(cancellationToken)).Needs(HttpRoles.Read)
            .WithSummary("The keys whose values in the files are not those in force, and which of them need a restart; secrets hidden.");
    }

    private static async Task<IResult> ReloadAsync(
        WhyRequest? why, Caller caller, GatewayAccess gateway, CancellationToken cancellationToken)
    {
        var outcome = await gateway.Configuration.ReloadAsync(caller.Who, WhyRequest.TextOf(why), cancellationToken);
        return TypedResults.Json(outcome, HttpJson.Options, statusCode: outcome.Faults.Count == 0
            ? StatusCodes.Status200OK : StatusCodes.Status422UnprocessableEntity);
    }
}
