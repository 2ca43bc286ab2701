using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Gateway.Http.Answers;

/// <summary>Marks a resource whose requests stay open while the caller listens or waits; they end when the gateway stops.</summary>
internal sealed class LongRunning
{
    public static async Task EndWithTheGatewayAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<LongRunning>() is null)
        {
            await next(context);
            return;
        }

        var lifetime = context.RequestServices.GetRequiredService<IHostApplicationLifetime>();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.RequestAborted = either.Token;
        await next(context);
    }
}
