using Gateway.Configuration;
using Microsoft.AspNetCore.Builder;

namespace Gateway.Http.Security;

/// <summary>The role that a resource requires.</summary>
/// <param name="Role">The required role; with <see cref="HttpRoles.None"/> not even a token is required.</param>
/// <param name="IsPage">True for a page, which links from anywhere may open.</param>
internal sealed record Access(HttpRoles Role, bool IsPage = false);

internal static class AccessExtensions
{
    public static TBuilder Needs<TBuilder>(this TBuilder builder, HttpRoles role)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Access(role));

    /// <summary>Allows access without a token: for health and the API's description, which reveal nothing about messages.</summary>
    public static TBuilder IsOpen<TBuilder>(this TBuilder builder, bool isPage = false)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Access(HttpRoles.None, isPage));
}
