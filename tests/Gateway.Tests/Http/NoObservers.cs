using Gateway.Http.Answers;
using Gateway.Http.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Gateway.Tests.Http;

/// <summary>Nobody observes the gateway.</summary>
internal sealed class NoObservers : IObservers
{
    public Unseen CountUnseen() => new(0, 0, 0);

    public IEndpointConventionBuilder? MapMetrics(IEndpointRouteBuilder endpoints) => null;
}
