using System.Net;
using Gateway.Configuration;
using Gateway.Http.Answers;
using Gateway.Transport;
using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Security;

/// <summary>
/// Checks each request before it reaches a resource: the host name, the origin of a browser's page, and the caller. Headers that a proxy
/// may have added are ignored, because anyone can write them.
/// </summary>
internal sealed class Guard(RunningOptions options, TokenBook tokens, RefusedTokens refused)
{
    /// <summary>The first step, before the caller's rate is counted.</summary>
    public async Task IdentifyAsync(HttpContext context, RequestDelegate next)
    {
        AnswerHeaders.Set(context.Response);
        CheckHost(context);
        CheckOrigin(context);
        var caller = tokens.Find(context.Request.Headers.Authorization.ToString(), AddressOf(context));
        context.Features.Set(caller);
        if (caller.Name is not null) context.Features.Get<HttpVisit>()?.OnKnown();
        RateLimits.Count(context, options.Current.Http);
        await next(context);
    }

    /// <summary>The second step, after the rate is counted: guesses at tokens count too.</summary>
    public async Task AuthoriseAsync(HttpContext context, RequestDelegate next)
    {
        if (tokens.IsNeeded && Caller.Of(context).Name is null && context.Request.Headers.Authorization.Count > 0)
            await refused.OnRequestAsync(context);
        if (context.GetEndpoint() is not { } endpoint)
        {
            await next(context);
            return;
        }

        var access = endpoint.Metadata.GetMetadata<Access>() ?? new Access(HttpRoles.All);
        CheckRole(context, access);
        if (endpoint.Metadata.GetMetadata<LongRunning>() is null) await next(context);
        else await WhileAllowedAsync(context, access, next);
    }

    /// <summary>A stream that stays open ends when its token is removed from the configuration, or loses the role.</summary>
    private async Task WhileAllowedAsync(HttpContext context, Access access, RequestDelegate next)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        context.RequestAborted = over.Token;
        options.Replaced += Check;
        try
        {
            // They may have been replaced since the caller was identified.
            Check();
            await next(context);
        }
        finally
        {
            options.Replaced -= Check;
        }

        void Check()
        {
            if (IsAllowed(context, access)) return;
            try
            {
                // Not on this thread, which replaces the options.
                over.CancelAfter(TimeSpan.Zero);
            }
            catch (ObjectDisposedException)
            {
                // The stream has ended meanwhile.
            }
        }
    }

    private bool IsAllowed(HttpContext context, Access access) =>
        (tokens.Find(context.Request.Headers.Authorization.ToString(), AddressOf(context)).Roles & access.Role) == access.Role;

    private void CheckHost(HttpContext context)
    {
        if (new HostCheck(options.Current.Http.Hosts).Allows(context.Request.Host.Host, context.Connection.LocalIpAddress)) return;
        throw new ProblemException(StatusCodes.Status421MisdirectedRequest, "unknown-host", $"This gateway is not called "
            + $"'{context.Request.Host.Host}'. Use its address, or localhost; or add the name to Gateway:Http:Hosts.");
    }

    private static void CheckOrigin(HttpContext context)
    {
        var headers = context.Request.Headers;
        var isFollowedLink = HttpMethods.IsGet(context.Request.Method)
            && headers["Sec-Fetch-Mode"] == "navigate"
            && headers["Sec-Fetch-Dest"] == "document"
            && context.GetEndpoint()?.Metadata.GetMetadata<Access>() is { IsPage: true };
        if (OriginCheck.Allows(headers.Origin.ToString(), headers["Sec-Fetch-Site"].ToString(), isFollowedLink, context.Request.Host.Value
            ?? "")) return;
        throw new ProblemException(StatusCodes.Status403Forbidden, "foreign-origin", "A page of another origin sent this request, "
            + "and the gateway answers only its own pages. Programs leave out the header Origin.");
    }

    private static void CheckRole(HttpContext context, Access access)
    {
        var caller = Caller.Of(context);
        if ((caller.Roles & access.Role) == access.Role) return;
        if (caller.Name is null)
        {
            throw new ProblemException(StatusCodes.Status401Unauthorized, "no-token", "This needs a token that the gateway knows: send "
                + "it as 'Authorization: Bearer TOKEN'. 'gateway token new' makes one for Gateway:Http:Tokens.")
            { Challenge = "Bearer" };
        }

        throw new ProblemException(StatusCodes.Status403Forbidden, "no-role", $"The token '{caller.Name}' lacks the "
            + $"role '{HttpRoleNames.NameOf(access.Role)}'; add it to Gateway:Http:Tokens:{caller.Name}:Roles, or use another token.");
    }

    /// <summary>The address of the caller, as people know it.</summary>
    public static IPAddress AddressOf(HttpContext context) =>
        HostPort.Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
}
