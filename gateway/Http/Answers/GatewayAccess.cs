using Gateway.Configuration;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Answers;

/// <summary>The HTTP API's access to the gateway. Thread-safe.</summary>
/// <param name="options">The gateway's configuration.</param>
/// <param name="find">Returns null until the gateway runs.</param>
/// <param name="failure">Returns a sentence describing the failure of the store; null if there is none.</param>
internal sealed class GatewayAccess(GatewayOptions options, Func<IManagement?> find, Func<string?> failure)
{
    public GatewayOptions Options => options;

    /// <summary>Maps the endpoint for scraping metrics; null if disabled.</summary>
    public Func<IEndpointRouteBuilder, IEndpointConventionBuilder>? MapMetrics { get; init; }

    /// <summary>Counts what observers have missed since the start.</summary>
    public Func<Unseen> CountUnseen { get; init; } = () => new Unseen(0, 0, 0);

    public string? Failure => failure();

    /// <summary>Why the store cannot be opened yet; null if nothing prevents it.</summary>
    public Func<string?> Waiting { get; init; } = () => null;

    /// <summary>Null until the gateway runs.</summary>
    public IManagement? Find() => find();

    /// <exception cref="ProblemException">The gateway is not running yet.</exception>
    public IManagement Management => find() ?? throw new ProblemException(
        StatusCodes.Status503ServiceUnavailable, "starting", Waiting() is { } why ? $"The gateway is waiting for its disk. {why}"
        : "The gateway is starting: its store is being opened. Try again in a moment.")
    { RetryAfter = TimeSpan.FromSeconds(1) };
}
