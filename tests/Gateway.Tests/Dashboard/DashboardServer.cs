using System.Net;
using Gateway.Dashboard;
using Gateway.Dashboard.Access;
using Gateway.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Dashboard;

/// <summary>The dashboard before a fake gateway, on a port that the system chose, with the headers that the host sends.</summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    /// <summary>What the host allows, and the dashboard has to do with. The component library writes styles into the page.</summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    private readonly WebApplication _app;

    private DashboardServer(WebApplication app) => _app = app;

    public FakeManagement Management { get; } = new();

    public FakeSignIn SignIn { get; } = new();

    public string Url => _app.Urls.First();

    public static async Task<DashboardServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        DashboardServer? server = null;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IManagement>(_ => server!.Management);
        builder.Services.AddSingleton<ISignIn>(_ => server!.SignIn);
        builder.Services.AddDashboard(new DashboardSettings { RefreshInterval = TimeSpan.FromMilliseconds(200) });
        var app = builder.Build();
        server = new DashboardServer(app);
        app.Use(async (context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
            await next(context);
        });
        app.MapDashboard();
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
