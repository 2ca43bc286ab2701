using Gateway.Http.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Http.Answers;

/// <summary>The observers of the gateway: collectors, scrapers and readers of the log.</summary>
internal interface IObservers
{
    /// <summary>Counts what observers have missed since the start. Thread-safe.</summary>
    Unseen CountUnseen();

    /// <summary>
    /// Maps the endpoint for scraping metrics, without access rules; returns null if scraping is disabled. Called once, before the first
    /// request.
    /// </summary>
    IEndpointConventionBuilder? MapMetrics(IEndpointRouteBuilder endpoints);
}
