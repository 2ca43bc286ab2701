using Gateway.Configuration;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Http.Security;

/// <summary>The role that a resource requires.</summary>
/// <param name="Role">The required role; with <see cref="HttpRoles.None"/> not even a token is required.</param>
/// <param name="IsPage">True for a page, which links from anywhere may open.</param>
internal sealed record Access(HttpRoles Role, bool IsPage = false)
{
    /// <summary>
    /// Requests that need no token are counted on their connection alone: a flood of them, or of others without a token, must not keep a
    /// monitor from asking for health, nor a person from signing in.
    /// </summary>
    public bool IsCountedByConnection => Role == HttpRoles.None;
}

internal static class AccessExtensions
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, HttpRoles role)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Access(role));

    /// <summary>Allows access without a token: for health and the API's description, which reveal nothing about messages.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder builder, bool isPage = false)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Access(HttpRoles.None, isPage));
}
