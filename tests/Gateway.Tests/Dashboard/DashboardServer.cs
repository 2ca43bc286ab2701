using System.Net;
using Gateway.Dashboard;
using Gateway.Dashboard.Access;
using Gateway.Doctor;
using Gateway.Management;
using Gateway.Tests.Management;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Tests.Dashboard;

/// <summary>
/// The dashboard before a fake gateway, on a port that the system chose. Its host is as strict as the real one: it allows no content, tells
/// no referrer, and refuses other origins.
/// </summary>
internal sealed class DashboardServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DashboardServer(WebApplication app)
    {
        _app = app;
        Day = new LivelyDay(Management);
    }

    public FakeManagement Management { get; } = new();

    public LivelyDay Day { get; }

    public FakeSignIn SignIn { get; } = new();

    public FakeDoctor Doctor { get; } = new();

    public string Url => _app.Urls.First();

    public static async Task<DashboardServer> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        DashboardServer? server = null;
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<IManagement>(_ => server!.Management);
        builder.Services.AddSingleton<IDoctor>(_ => server!.Doctor);
        builder.Services.AddSingleton<ISignIn>(_ => server!.SignIn);
        builder.Services.AddDashboard(new DashboardSettings { RefreshInterval = TimeSpan.FromMilliseconds(200) });
        var app = builder.Build();
        server = new DashboardServer(app);
        app.Use(async (context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy =
                "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
            context.Response.Headers["Referrer-Policy"] = "no-referrer";
            context.Response.Headers.CacheControl = "no-store";
            if (context.Request.Headers.Origin is [{ } origin, ..] && origin != $"http://{context.Request.Host}")
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
            else await next(context);
        });
        app.MapDashboard(_ => { });
        await app.StartAsync();
        return server;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
