using Gateway.Client.Wire;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Dashboard.Access;

/// <summary>Admits only users with a token that may read, except to the sign-in page, and identifies them.</summary>
internal static class SignInGate
{
    public const string SignInPath = "/sign-in";

    /// <summary>The largest form to sign in, or out.</summary>
    private const int FormBytesMax = 32 * 1024;

    /// <summary>
    /// Allows content from the gateway itself only. The component library writes inline styles; scripts are always files.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri "
            + "'self'; form-action 'self'; frame-ancestors 'none'";

    private static readonly TimeSpan _formTime = TimeSpan.FromSeconds(5);

    /// <summary>Marks the endpoints behind the gate; other endpoints of the same application are not affected.</summary>
    public static readonly object Mark = new GateMark();

    public static async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<GateMark>() is null)
        {
            await next(context);
            return;
        }

        context.Response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        // Without a referrer, browsers would also hide that the sign-in form comes from the gateway's own page.
        context.Response.Headers["Referrer-Policy"] = "same-origin";
        if (context.Request.Query["to"].ToString().Any(char.IsControl))
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        var isForAll = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
        if (isForAll) LimitBody(context);
        context.User = context.RequestServices.GetRequiredService<SignInCookie>().Read(context);
        if (isForAll || MayRead(context)) await next(context);
        else if (HttpMethods.IsGet(context.Request.Method) && !context.WebSockets.IsWebSocketRequest)
            context.Response.Redirect(SignInUrl(context.Request.Path + context.Request.QueryString));
        else context.Response.StatusCode = StatusCodes.Status401Unauthorized;
    }

    public static string SignInUrl(string to) => $"{SignInPath}?to={Uri.EscapeDataString(to)}";

    /// <summary>The page after the sign-in, restricted to this site.</summary>
    public static string LocalPath(string? to) =>
        to is ['/', not ('/' or '\\'), ..] && !to.StartsWith(SignInPath, StringComparison.Ordinal) ? to : "/";

    public static IEnumerable<IEndpointConventionBuilder> Map(IEndpointRouteBuilder endpoints) =>
    [
        endpoints.MapPost("/sign-in/token", SignInAsync).DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new AllowAnonymousAttribute()),
        endpoints.MapPost("/sign-out", SignOutAsync).DisableAntiforgery().ExcludeFromDescription()
            .WithMetadata(new AllowAnonymousAttribute()),
    ];

    /// <summary>
    /// A form that anyone may send must be complete soon. Kestrel ends a request that is slower than the rate after the grace period, in
    /// which time the largest form has passed at this rate.
    /// </summary>
    private static void LimitBody(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = FormBytesMax;
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(FormBytesMax / _formTime.TotalSeconds, _formTime);
    }

    private static bool MayRead(HttpContext context)
    {
        var signIn = context.RequestServices.GetRequiredService<ISignIn>();
        if (!signIn.IsNeeded) return true;
        var mayRead = SignInCookie.TokenOf(context.User) is { } token
            && signIn.Find(token) is { } found && found.Rights.HasFlag(DashboardRights.Read);
        if (mayRead) signIn.OnKnown(context);
        return mayRead;
    }

    /// <summary>
    /// Checks the antiforgery token here rather than in the framework, which would answer a page that was open across a restart with an
    /// error instead of a new page.
    /// </summary>
    private static async Task<IResult> SignInAsync(HttpContext context, IAntiforgery antiforgery, ISignIn signIn, SignInCookie cookie)
    {
        if (!context.Request.HasFormContentType) return Results.StatusCode(StatusCodes.Status415UnsupportedMediaType);
        if (!await antiforgery.IsRequestValidAsync(context)) return Results.LocalRedirect($"{SignInPath}?fault=old");
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var (token, to) = (form["token"].ToString().Trim(), LocalPath(form["to"]));
        if (to.Any(char.IsControl)) return Results.StatusCode(StatusCodes.Status400BadRequest);
        var found = token.Length is > 0 and <= ProtocolLimits.TokenBytesMax ? signIn.Find(token) : null;
        if (found is null) await signIn.OnRefusedAsync(context);
        if (found is null || !found.Rights.HasFlag(DashboardRights.Read))
            return Results.LocalRedirect($"{SignInUrl(to)}&fault={(found is null ? "unknown" : "role")}");
        signIn.OnKnown(context);
        cookie.Set(context, token);
        return Results.LocalRedirect(to);
    }

    private static async Task<IResult> SignOutAsync(HttpContext context, IAntiforgery antiforgery, SignInCookie cookie)
    {
        if (!await antiforgery.IsRequestValidAsync(context)) return Results.LocalRedirect("/");
        cookie.Clear(context);
        return Results.LocalRedirect(SignInPath);
    }

    private sealed class GateMark;
}
