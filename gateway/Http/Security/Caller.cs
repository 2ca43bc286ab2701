using System.Net;
using Gateway.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Http.Security;

/// <summary>The sender of a request and their rights.</summary>
/// <param name="Name">The name of the token; <c>local</c> when none are configured; null without a valid token.</param>
internal sealed record Caller(string? Name, HttpRoles Roles, IPAddress Address)
{
    /// <summary>The caller's name in the audit trail.</summary>
    public string Who => $"{Name} ({Address})";

    /// <summary>The caller as holder of leases, shared by all callers with the same token.</summary>
    public string Receiver => $"http/{Name}";

    /// <summary>Called by the framework to bind a handler's parameter.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(Of(context));

    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();
}
