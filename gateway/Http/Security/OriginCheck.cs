using Microsoft.AspNetCore.Http;

namespace Gateway.Http.Security;

/// <summary>
/// Determines whether a browser's request comes from one of the gateway's pages, from no page, or from a foreign one (CSRF). Pure.
/// </summary>
internal static class OriginCheck
{
    /// <param name="origin">The header Origin; empty if there is none, as from programs other than browsers.</param>
    /// <param name="site">The header Sec-Fetch-Site; empty if there is none.</param>
    /// <param name="isFollowedLink">
    /// True if a user followed a link to a page: the answer is shown to the user, and the linking page cannot read it.
    /// </param>
    /// <param name="host">The header Host, with the port.</param>
    public static bool Allows(string origin, string site, bool isFollowedLink, string host)
    {
        if (origin.Length > 0 && !IsOf(origin, host)) return false;
        return site is "" or "same-origin" or "none" || isFollowedLink;
    }

    /// <summary>The scheme may differ: the operator's proxy may speak TLS.</summary>
    private static bool IsOf(string origin, string host) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && uri is { Scheme: "http" or "https", UserInfo: "", PathAndQuery: "/" }
        && uri.Authority.Equals(new HostString(host).Value, StringComparison.OrdinalIgnoreCase);
}
