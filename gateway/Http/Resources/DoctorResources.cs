using System.ComponentModel;
using Gateway.Configuration;
using Gateway.Doctor;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>The doctor: an examination, answered when it is done.</summary>
internal static class DoctorResources
{
    public static void MapDoctor(this IEndpointRouteBuilder api)
    {
        api.MapPost("/doctor", (IDoctor doctor, CancellationToken cancellationToken) =>
            ExamineAsync(doctor, null, new WayWishes(), cancellationToken))
            .Needs(HttpRoles.Operate).WithMetadata(new LongRunning()).WithTags("Gateway")
            .WithSummary("Examines the gateway, its store, its host and its links, and answers with the findings, within a minute; 409 "
                + "while another examination is under way.")
            .Produces<Diagnosis>().ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/peers/{peer}/doctor", (
            string peer, IDoctor doctor, GatewayAccess gateway, CancellationToken cancellationToken,
            [Description("Also fill the way for two seconds in each direction")] bool bandwidth = false) =>
            gateway.Options.Peers.ContainsKey(peer)
                ? ExamineAsync(doctor, peer, new WayWishes(bandwidth), cancellationToken) : throw ProblemException.NotFound(
                    $"This gateway has no peer '{peer}' in its Gateway:Peers. {ApiRoot.Path}/peers lists its peers."))
            .Needs(HttpRoles.Operate).WithMetadata(new LongRunning()).WithTags("Peers")
            .WithSummary("The same, and the way to the peer: its name, each address, TLS, round trips, message sizes, and the way back.")
            .Produces<Diagnosis>().ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<IResult> ExamineAsync(
        IDoctor doctor, string? peer, WayWishes wishes, CancellationToken cancellationToken)
    {
        try
        {
            return TypedResults.Json(await doctor.ExamineAsync(peer, wishes, cancellationToken), HttpJson.Options);
        }
        catch (DoctorBusyException busy)
        {
            throw new ProblemException(StatusCodes.Status409Conflict, "doctor-busy", busy.Message);
        }
        catch (TimeoutException late)
        {
            throw new ProblemException(StatusCodes.Status504GatewayTimeout, "doctor-late", late.Message);
        }
    }
}
