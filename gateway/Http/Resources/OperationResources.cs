using System.ComponentModel;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Http.Security;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Resources;

/// <summary>Operations on many messages, which run in the background.</summary>
internal static class OperationResources
{
    private const double WaitSecondsMax = 60;
    private const double WaitSecondsDefault = 30;

    public static void MapOperations(this IEndpointRouteBuilder api)
    {
        var operations = api.MapGroup("/operations").WithTags("Operations");
        operations.MapPost("", StartAsync).Needs(HttpRoles.Operate)
            .WithSummary("Begins to purge, dead-letter, redirect or return messages: one by its number, those that match a filter, or all.")
                .Produces<OperationView>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
        operations.MapGet("", async (IManagement management, CancellationToken cancellationToken) =>
            (await management.ReadOperationsAsync(cancellationToken)).Select(OperationView.Of)).Needs(HttpRoles.Read)
            .WithSummary("The last operations, those that run and those that have ended.");
        operations.MapGet("/{id:guid}", ShowAsync).Needs(HttpRoles.Read).WithSummary("How an operation stands.");
        operations.MapGet("/{id:guid}/wait", WaitAsync).Needs(HttpRoles.Read).WithMetadata(new LongRunning())
            .WithSummary("The same, when it has ended or the time is over.");
        operations.MapPost("/{id:guid}/cancel", CancelAsync).Needs(HttpRoles.Operate)
            .WithSummary("Ends it after the piece that it is at; what it did stays done.");
    }

    private static async Task<IResult> StartAsync(
        StartRequest request, Caller caller, IManagement management, CancellationToken cancellationToken)
    {
        var (status, fault) = await management.StartAsync(request.ToRequest(), caller.Who, cancellationToken);
        if (status is null) throw new ProblemException(StatusCodes.Status409Conflict, "not-begun", WireProblems.Sentence(fault));
        return TypedResults.Accepted($"{ApiRoot.Path}/operations/{status.Id}", OperationView.Of(status));
    }

    private static async Task<OperationView> ShowAsync(Guid id, IManagement management, CancellationToken cancellationToken) =>
        OperationView.Of(await management.ReadOperationAsync(id, cancellationToken) ?? throw Missing(id));

    private static async Task<OperationView> WaitAsync(
        Guid id,
        IManagement management,
        TimeProvider time,
        HttpContext context,
        [Description("At most 60")] double seconds = WaitSecondsDefault)
    {
        using var over = new CancellationTokenSource(Seconds.Read(nameof(seconds), seconds, 0, WaitSecondsMax), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, context.RequestAborted);
        try
        {
            return OperationView.Of(await management.WaitAsync(id, either.Token) ?? throw Missing(id));
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            return await ShowAsync(id, management, context.RequestAborted);
        }
    }

    private static async Task<IResult> CancelAsync(Guid id, Caller caller, IManagement management, CancellationToken cancellationToken)
    {
        if (await management.CancelAsync(id, caller.Who, cancellationToken)) return TypedResults.NoContent();
        var operation = await ShowAsync(id, management, cancellationToken);
        throw new ProblemException(StatusCodes.Status409Conflict,
            "not-running", $"The operation has ended already: it is {HttpJson.NameOf(operation.State)}.");
    }

    private static ProblemException Missing(Guid id) => ProblemException.NotFound(
        $"There is no operation {id}: the last hundred are remembered until the gateway stops. The audit trail has it, if it ever was.");
}
