using System.Net;
using Gateway.Configuration;
using Gateway.Dashboard;
using Gateway.Dashboard.Access;
using Gateway.Doctor;
using Gateway.Http.Answers;
using Gateway.Http.Resources;
using Gateway.Http.Security;
using Gateway.Transport;
using Gateway.Transport.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Gateway.Http;

/// <summary>
/// Builds the HTTP API: a separate web application that reads nothing from the environment, and whose services see only the operators' view
/// of the gateway.
/// </summary>
internal static class HttpApplication
{
    private const int HeadersBytesMax = 32 * 1024;
    private const int RequestLineBytesMax = 8 * 1024;
    private static readonly TimeSpan _headersTimeout = TimeSpan.FromSeconds(10);

    /// <param name="door">The source of connections.</param>
    /// <param name="certificates">Null for plain text.</param>
    public static WebApplication Build(GatewayAccess gateway, HttpDoor door, CertificateWatch? certificates, TimeProvider time,
        ILoggerFactory loggers)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration()
            .ConfigureKestrel(kestrel => Limit(kestrel, gateway.Options.Http, door.EndPoint, certificates));
        // Within Kestrel, whose own limit has no connection make room for another.
        builder.Services.AddSingleton(new HttpConnections(
            new ConnectionCensus(gateway.Options.Http.ConnectionsMax, gateway.Options.Http.ConnectionsPerAddressMax),
            time, loggers.CreateLogger<HttpConnections>()));
        builder.Services.Replace(ServiceDescriptor.Singleton<IConnectionListenerFactory>(door));
        AddServices(builder.Services, gateway, time, loggers);
        var application = builder.Build();
        door.MemoryPool = application.Services.GetRequiredService<IMemoryPoolFactory<byte>>().Create();
        Use(application, gateway);
        return application;
    }

    private static void AddServices(IServiceCollection services, GatewayAccess gateway, TimeProvider time, ILoggerFactory loggers)
    {
        services.AddSingleton(loggers);
        services.AddSingleton(time);
        services.AddSingleton(gateway);
        services.AddTransient(_ => gateway.Management);
        // The gateway's own host handles signals.
        services.Replace(ServiceDescriptor.Singleton<IHostLifetime, InnerLifetime>());
        services.AddRouting();
        services.AddRateLimiter(limits => RateLimits.Configure(limits, gateway.RunningOptions));
        services.ConfigureHttpJsonOptions(json => HttpJson.Configure(json.SerializerOptions));
        services.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        services.AddApiDocument();
        services.AddSingleton(gateway.RunningOptions);
        services.AddSingleton<TokenBook>();
        services.AddSingleton<RefusedTokens>();
        services.AddSingleton<ISignIn, DashboardSignIn>();
        services.AddSingleton<IDoctor, GatewayDoctor>();
        services.AddDashboard(new DashboardSettings());
    }

    private static void Limit(KestrelServerOptions kestrel, HttpOptions options, EndPoint address, CertificateWatch? certificates)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxConcurrentUpgradedConnections = options.ConnectionsMax;
        kestrel.Limits.MaxRequestBodySize = options.RequestBytesMax;
        kestrel.Limits.MaxRequestHeadersTotalSize = HeadersBytesMax;
        kestrel.Limits.MaxRequestLineSize = RequestLineBytesMax;
        kestrel.Limits.RequestHeadersTimeout = _headersTimeout;
        kestrel.Listen(address, listen =>
        {
            // A connection carries one request at a time, so the limit of connections also limits requests.
            listen.Protocols = HttpProtocols.Http1;
            var connections = kestrel.ApplicationServices.GetRequiredService<HttpConnections>();
            listen.Use(next => connection => connections.ServeAsync(connection, next));
            if (certificates is not null) listen.UseHttps(
                new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificates.Current.ToServerOptions()) });
        });
    }

    private static void Use(WebApplication application, GatewayAccess gateway)
    {
        var guard = new Guard(gateway.RunningOptions, application.Services.GetRequiredService<TokenBook>(),
            application.Services.GetRequiredService<RefusedTokens>());
        application.Use(HttpConnections.WatchAsync);
        application.UseMiddleware<ProblemAnswers>();
        application.UseRouting();
        application.Use(guard.IdentifyAsync);
        application.UseRateLimiter();
        application.Use(guard.AuthoriseAsync);
        application.Use(LongRunning.EndWithTheGatewayAsync);

        application.MapDashboard(endpoint => endpoint.IsOpen(isPage: true));
        application.MapHealth();
        application.MapDescription();
        gateway.Observers.MapMetrics(application)?.Needs(HttpRoles.Read);
        var api = application.MapGroup(ApiRoot.Path);
        api.MapState();
        api.MapPeers();
        api.MapDoctor();
        api.MapFleet();
        api.MapRoutes();
        api.MapTcp();
        api.MapInvitations();
        api.MapQueues();
        api.MapMessages();
        api.MapAllMessages();
        api.MapDeadLetters();
        api.MapOperations();
        api.MapEvents();
        api.MapEnqueue();
        api.MapDeliveries();
        api.MapTransfers();
        api.MapConfiguration();
    }

    /// <summary>Does nothing: this application starts and stops as part of another.</summary>
    private sealed class InnerLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
