using System.Net;
using Gateway.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Http.Security;

/// <summary>Who sends a request, and what they may do.</summary>
/// <param name="Name">The name of the token; <c>local</c> when none are configured; null for somebody without a good one.</param>
internal sealed record Caller(string? Name, HttpRoles Roles, IPAddress Address)
{
    /// <summary>As the audit trail names them.</summary>
    public string Who => $"{Name} ({Address})";

    /// <summary>As the holder of leases: whoever has the same token.</summary>
    public string Receiver => $"http/{Name}";

    /// <summary>Found by the framework, which hands a handler the caller of its request.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult<Caller?>(Of(context));

    public static Caller Of(HttpContext context) => context.Features.GetRequiredFeature<Caller>();
}
