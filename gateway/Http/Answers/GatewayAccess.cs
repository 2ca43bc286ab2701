using Gateway.Configuration;
using Gateway.Http.Views;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Answers;

/// <summary>What the HTTP API has of the gateway behind it. Any thread.</summary>
/// <param name="options">The gateway's configuration.</param>
/// <param name="find">Null until the gateway runs.</param>
/// <param name="failure">What failed in its store, in a sentence; null if nothing did.</param>
internal sealed class GatewayAccess(GatewayOptions options, Func<IManagement?> find, Func<string?> failure)
{
    public GatewayOptions Options => options;

    /// <summary>Maps where metrics are scraped; null when nowhere.</summary>
    public Func<IEndpointRouteBuilder, IEndpointConventionBuilder>? MapMetrics { get; init; }

    /// <summary>What those who watch have missed since the start.</summary>
    public Func<Unseen> CountUnseen { get; init; } = () => new Unseen(0, 0, 0);

    public string? Failure => failure();

    /// <summary>Why the store cannot be opened yet; null if nothing keeps it.</summary>
    public Func<string?> Waiting { get; init; } = () => null;

    /// <summary>Null until the gateway runs.</summary>
    public IManagement? Find() => find();

    /// <exception cref="ProblemException">The gateway does not run yet.</exception>
    public IManagement Management => find() ?? throw new ProblemException(
        StatusCodes.Status503ServiceUnavailable, "starting", Waiting() is { } why ? $"The gateway is waiting for its disk. {why}"
        : "The gateway is starting: its store is being opened. Try again in a moment.")
    { RetryAfter = TimeSpan.FromSeconds(1) };
}
