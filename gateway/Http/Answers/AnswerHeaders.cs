using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Answers;

/// <summary>
/// The security headers of each answer: browsers must not guess the content type, load other content, or cache the answer.
/// </summary>
internal static class AnswerHeaders
{
    private const string NoContent = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    /// <summary>For the gateway's own pages: content from the gateway itself only.</summary>
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

    /// <summary>Call after <see cref="Set"/>, for a page.</summary>
    public static void AllowOwnContent(HttpResponse response) => response.Headers.ContentSecurityPolicy = OwnContent;
}
