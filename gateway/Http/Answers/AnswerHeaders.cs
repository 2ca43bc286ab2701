using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Answers;

/// <summary>What each answer tells a browser: to take nothing for more than it says it is, to load nothing, and to keep nothing.</summary>
internal static class AnswerHeaders
{
    private const string NoContent = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>For pages of the gateway's own: everything from the gateway itself, nothing from elsewhere.</summary>
    private const string OwnContent = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
        + "'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Set(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = NoContent;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.XFrameOptions = "DENY";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
        response.Headers.CacheControl = "no-store";
    }

    /// <summary>After <see cref="Set"/>, for a page.</summary>
    public static void AllowOwnContent(HttpResponse response) => response.Headers.ContentSecurityPolicy = OwnContent;
}
