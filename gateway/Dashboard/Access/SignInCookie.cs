using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Gateway.Dashboard.Access;

/// <summary>
/// Keeps the signed-in user's token in a cookie that scripts cannot read, that other sites cannot make the browser send, and that only this
/// run of the gateway can decrypt. The token is kept rather than its rights, so that each use checks its validity.
/// </summary>
internal sealed class SignInCookie(IDataProtectionProvider protection, DashboardSettings settings)
{
    public const string Name = "gateway-dashboard";

    private const string TokenClaim = "token";

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Gateway.Dashboard.SignIn")
        .ToTimeLimitedDataProtector();

    public void Set(HttpContext context, string token) =>
        context.Response.Cookies.Append(Name, _protector.Protect(token, settings.SignedInMax), Options(context));

    public void Clear(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context));

    /// <summary>Returns the holder of the cookie's token; an anonymous user if the cookie is missing, expired or not ours.</summary>
    public ClaimsPrincipal Read(HttpContext context)
    {
        if (context.Request.Cookies[Name] is not { Length: > 0 } cookie) return new ClaimsPrincipal();
        try
        {
            return new ClaimsPrincipal(new ClaimsIdentity([new Claim(TokenClaim, _protector.Unprotect(cookie))], Name));
        }
        catch (CryptographicException)
        {
            return new ClaimsPrincipal();
        }
    }

    public static string? TokenOf(ClaimsPrincipal user) => user.FindFirstValue(TokenClaim);

    private static CookieOptions Options(HttpContext context) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        IsEssential = true,
        Path = "/",
    };
}
