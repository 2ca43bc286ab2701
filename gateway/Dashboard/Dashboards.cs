using Gateway.Dashboard.Access;
using Gateway.Dashboard.Live;
using Gateway.Dashboard.Parts;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Microsoft.Extensions.DependencyInjection;
using MudBlazor.Services;

namespace Gateway.Dashboard;

/// <summary>Adds the dashboard to a web application.</summary>
internal static class Dashboards
{
    /// <summary>The number of disconnected circuits kept; each holds at most one page of a listing.</summary>
    private const int LostPagesMax = 50;

    /// <summary>
    /// Requires <see cref="Management.IManagement"/>, <see cref="Doctor.IDoctor"/>, <see cref="ISignIn"/> and <see cref="TimeProvider"/>.
    /// The keys that protect the sign-in live as long as the process: a restart asks for the token again, and no key is stored on disk.
    /// The framework makes a ring of keys when it starts, whether anybody needs it or not: it is given a place in memory.
    /// </summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, DashboardSettings settings)
    {
        services.AddRazorComponents().AddInteractiveServerComponents(circuits => circuits.DisconnectedCircuitMaxRetained = LostPagesMax);
        services.AddMudServices(mud =>
        {
            mud.SnackbarConfiguration.PositionClass = MudBlazor.Defaults.Classes.Position.BottomCenter;
            mud.SnackbarConfiguration.MaxDisplayedSnackbars = 3;
            mud.SnackbarConfiguration.PreventDuplicates = true;
            mud.SnackbarConfiguration.ShowTransitionDuration = 100;
            mud.SnackbarConfiguration.HideTransitionDuration = 100;
        });
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.Configure<KeyManagementOptions>(keys =>
            (keys.XmlRepository, keys.XmlEncryptor) = (new KeysInMemory(), new NullXmlEncryptor()));
        services.AddSingleton(settings);
        services.AddSingleton<SignInCookie>();
        services.AddSingleton<SampleHistory>();
        services.AddScoped<Operator>();
        services.AddScoped<GuardedManagement>();
        services.AddScoped<GuardedDoctor>();
        services.AddScoped<LiveState>();
        services.AddScoped<PageServices>();
        return services;
    }

    /// <summary>
    /// Serves the pages at the root. Call after the host's own middleware (Host and Origin checks, headers), which then covers the
    /// dashboard too.
    /// </summary>
    /// <param name="each">Applies the host's conventions to each endpoint.</param>
    public static void MapDashboard(this WebApplication app, Action<IEndpointConventionBuilder> each)
    {
        app.Use(next => context => SignInGate.PassAsync(context, next));
        app.UseAntiforgery();
        var components = app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode(server => server.ContentSecurityFrameAncestorsPolicy = null);
        foreach (
            var endpoint in (IEndpointConventionBuilder[])[components, AssetFiles.Map(app), .. SignInGate.Map(app), .. BodyFiles.Map(app)])
        {
            endpoint.WithMetadata(SignInGate.Mark);
            each(endpoint);
        }
    }
}
