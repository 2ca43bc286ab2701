using Gateway.Client.Wire;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Gateway.Dashboard.Access;

/// <summary>Admits only users with a token that may read, except to the sign-in page, and identifies them.</summary>
internal static class SignInGate
{
    public const string SignInPath = "/sign-in";

    /// <summary>
    /// Allows content from the gateway itself only. The component library writes inline styles; scripts are always files.
    /// </summary>
    private const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri "
            + "'self'; form-action 'self'; frame-ancestors 'none'";

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

        context.User = context.RequestServices.GetRequiredService<SignInCookie>().Read(context);
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null || MayRead(context)) await next(context);
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

    private static bool MayRead(HttpContext context)
    {
        var signIn = context.RequestServices.GetRequiredService<ISignIn>();
        if (!signIn.IsNeeded) return true;
        return SignInCookie.TokenOf(context.User) is { } token
            && signIn.Find(token) is { } found && found.Rights.HasFlag(DashboardRights.Read);
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
